"""Who writes again within the hour is one voice, whatever the words."""

from typing import Final

from pipeline.detect.account.speakers import AGAIN_MS, REMEMBERED_MAX, heard_again, remembered
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, Instant
from pipeline.records.inner.partials import Partial, SeriesPartial
from pipeline.records.inner.samples import add_to_sample
from tests.detect.world import KOELN, MONDAY, Run

ATTACK: Final = MONDAY + 5 * HOUR_MS
REPORTS: Final = "4"


def posts(at: int, people: range, strength: str = REPORTS, area: str = KOELN) -> SeriesPartial:
    """Posts of some people, one each, as strong as this."""
    partial = Partial(count=len(people))
    for person in people:
        add_to_sample(partial.ids, at * 1_000 + person, strength)
        add_to_sample(partial.people, person)
    pane = Instant(at - at % 10_000)
    return SeriesPartial(
        operator="netcologne",
        scope_area="DE/NW",
        area=area,
        source="mentions",
        measure="activity",
        pane=pane,
        partial=partial,
    )


def everyday(until: int) -> list[SeriesPartial]:
    """Two strangers in five minutes who say nothing of a fault."""
    begins = range(MONDAY, until, 5 * MINUTE_MS)
    return [posts(at, range(1_000 + 2 * n, 1_002 + 2 * n), "0") for n, at in enumerate(begins)]


def surest(authors: int) -> float:
    """How likely an outage was at most in half an hour of three reports a minute, by so many accounts in turn."""
    minutes = range(30)
    reports = [
        posts(ATTACK + minute * MINUTE_MS, range(*(3 * minute % authors + edge for edge in (0, 3))))
        for minute in minutes
    ]
    run = Run().live([*everyday(ATTACK), *reports], ATTACK + 31 * MINUTE_MS)
    told = [known for pane in run.panes.values() for known in pane.weighings if known.area == KOELN]
    return max((known.odds_milli for known in told), default=-10_000) / 1_000


def test_few_accounts_that_write_for_many_are_few_voices() -> None:
    assert surest(authors=90) > 2.0
    assert surest(authors=9) < surest(authors=90) - 2.0


def test_who_spoke_an_hour_ago_is_heard_anew() -> None:
    speakers = remembered(["ab", "cd"], {}, 0)
    assert heard_again(["ab", "ef"], speakers, AGAIN_MS) == 1
    assert heard_again(["ab", "ef"], speakers, AGAIN_MS + MINUTE_MS) == 0
    assert remembered(["ef"], speakers, AGAIN_MS) == {"ef": AGAIN_MS}


def test_of_a_crowd_the_latest_are_remembered() -> None:
    speakers = remembered([f"{n:03x}" for n in range(REMEMBERED_MAX)], {}, MINUTE_MS)
    later = remembered(["fff"], speakers, 2 * MINUTE_MS)
    assert len(later) == REMEMBERED_MAX
    assert "fff" in later
