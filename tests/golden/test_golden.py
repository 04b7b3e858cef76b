"""Each golden story gives the same bytes as when somebody last read and accepted them."""

from functools import cache

import pytest

from tests.golden.stories import STORIES, TOPICS, as_file, expected_path


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
