"""Each golden story gives the same bytes as when somebody last read and accepted them."""

import pytest

from tests.golden.stories import STORIES, TOPICS, as_file, expected_path


@pytest.mark.parametrize("story", STORIES)
def test_story_gives_the_same_bytes(story: str) -> None:
    found = STORIES[story]()
    for topic in TOPICS:
        expected = expected_path(story, topic)
        assert expected.is_file(), f"{expected} is missing: make golden-update"
        assert as_file(topic, found[topic]) == expected.read_bytes(), (
            "read the difference; if it is right: make golden-update"
        )


def test_a_quiet_morning_opens_nothing() -> None:
    assert expected_path("quiet", "incidents").read_bytes() == b""


def test_the_outage_is_confirmed_and_its_notices_are_drafted() -> None:
    assert b'"state":"confirmed"' in expected_path("outage", "incidents").read_bytes()
    assert b'"kind":"acknowledgement"' in expected_path("outage", "notices").read_bytes()
