"""Each golden story gives the same bytes as when somebody last read and accepted them."""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.golden.stories import STORIES, TOPICS, as_file, expected_path

ROOT = Path(__file__).parents[2]


@cache
def found_in(story: str) -> dict[str, list[bytes]]:
    """What the flow publishes for a story; told once, looked at topic by topic."""
    return STORIES[story]()


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("story", STORIES)
def test_story_gives_the_same_bytes(story: str, topic: str) -> None:
    expected = expected_path(story, topic)
    assert expected.is_file(), f"{expected} is missing: make golden-update"
    found = as_file(topic, found_in(story)[topic])
    assert found == expected.read_bytes(), "read the difference; if it is right: make golden-update"


def test_a_quiet_morning_opens_nothing() -> None:
    assert expected_path("quiet", "incidents").read_bytes() == b""


def test_the_outage_is_confirmed_and_its_notices_are_drafted() -> None:
    assert b'"state":"confirmed"' in expected_path("outage", "incidents").read_bytes()
    assert b'"kind":"acknowledgement"' in expected_path("outage", "notices").read_bytes()


PLAIN_PROCESSOR = "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-FMA_Usable,-FMA4_Usable,-AVX2_Usable"
"""glibc computes logarithms otherwise where a processor fuses products and sums: this takes that away."""


def test_the_same_bytes_are_published_where_a_processor_computes_logarithms_otherwise() -> None:
    story = "world-five-minutes"
    words = f"from tests.golden.test_golden import digest_of; print(digest_of({story!r}))"
    command = [sys.executable, "-c", words]
    environment = {**os.environ, "GLIBC_TUNABLES": PLAIN_PROCESSOR}
    other = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest_of(story)


def digest_of(story: str) -> str:
    total = hashlib.sha256()
    for topic in TOPICS:
        total.update(as_file(topic, found_in(story)[topic]))
    return total.hexdigest()
