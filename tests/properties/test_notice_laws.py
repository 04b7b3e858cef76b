"""Laws of notices, whatever happens to an incident: once for each occasion, in time, never against what is known."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.records.clocks import MINUTE_MS, PANE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.published.incident_parts import Links
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.apply import apply
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.state import IncidentCase, RespondState
from tests.respond.notices.telling import RULES, at, incident

DUTIES: Final = (NOTICES,)
AREAS: Final = ("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen")
LAST: Final = 400
"""Minutes of a story; drafts of it expire a day later."""


class Told(msgspec.Struct):
    """A revision: its minute, and what it says."""

    minute: int
    facts: dict[str, Any]


@st.composite
def lives(draw: st.DrawFn) -> list[Told]:
    """An incident that wanders through its states, with areas, emergencies, estimates and blindness as they come."""
    minutes = sorted(draw(st.sets(st.integers(1, LAST), min_size=1, max_size=8)))
    told, reopened, before = list[Told](), 0, ""
    numbers: tuple[str, ...] = ()
    for minute in minutes:
        state = draw(st.sampled_from(_NEXT[before]))
        reopened += before == "resolved" and state == "confirmed"
        numbers = numbers or draw(st.sampled_from([(), (), ("112",)]))
        end = draw(st.none() | st.tuples(st.integers(-30, 60), st.integers(61, 300)))
        facts = {
            "state": IncidentState(state),
            "numbers": numbers,
            "reopened": reopened,
            "areas": AREAS[: draw(st.integers(1, 3))],
            "blind": draw(st.sampled_from(["", "", "probe"])),
            "exercise": False,
        }
        if state == "confirmed":
            facts["severity"] = draw(st.sampled_from([Severity.MINOR, Severity.CRITICAL]))
            facts["end"] = None if end is None else (minute + end[0], minute + end[1])
        told.append(Told(minute, facts))
        before = state
    return told


_NEXT: Final = {
    "": ["suspected", "confirmed"],
    "suspected": ["suspected", "confirmed", "dismissed"],
    "confirmed": ["confirmed", "confirmed", "recovering", "dismissed"],
    "recovering": ["confirmed", "recovering", "resolved"],
    "resolved": ["confirmed", "resolved", "closed"],
    "closed": ["closed"],
    "dismissed": ["dismissed"],
}


def run(
    stories: dict[str, list[Told]], cuts: list[int], *, crash: bool = False, market_of: dict[str, str] | None = None
) -> list[object]:
    """Tell the stories in order of time, with time cut where it is said."""
    markets = {name: (market_of or {}).get(name, "DE") for name in stories}
    outputs, last = list[object](), dict[str, Any]()
    state = RespondState(0)
    for happened in _heard(stories, cuts, markets):
        if isinstance(happened, Incident):
            heard: Change | PaneEnd = Change(
                at=happened.updated_at, before=last.get(happened.incident_id), after=happened
            )
            last[happened.incident_id] = happened
        else:
            heard = happened
        outputs.extend(apply(state, heard, RULES, DUTIES).outputs)
        if crash:
            kept = {name: decode_slot(encode_slot(slot), IncidentCase) for name, slot in state.slots.items()}
            state = RespondState.restored(0, kept)
    return outputs


def _heard(stories: dict[str, list[Told]], cuts: list[int], markets: dict[str, str]) -> Iterator[PaneEnd | Incident]:
    """Time that passes, market by market, and revisions."""
    end = LAST + 24 * 60
    for minute in sorted({*cuts, *(told.minute for story in stories.values() for told in story), end}):
        for market in sorted(set(markets.values())):
            yield PaneEnd(market=market, at=Instant(at(minute) - (0 if minute == end else PANE_MS)))
        for name, story in sorted(stories.items()):
            for told in (told for told in story if told.minute == minute):
                yield incident(minute, incident_id=name, market=markets[name], **told.facts)


def notices_of(outputs: list[object]) -> list[Notice]:
    return [output for output in outputs if isinstance(output, Notice)]


def state_at(story: list[Told], minute: float) -> Told | None:
    return next((told for told in reversed(story) if told.minute <= minute), None)


def minute_of(moment: int) -> float:
    return (moment - at(0)) / MINUTE_MS


@settings(max_examples=25, deadline=None)
@given(story=lives(), cuts=st.lists(st.integers(0, LAST), max_size=20))
def test_no_cut_of_time_and_no_crash_changes_a_byte(story: list[Told], cuts: list[int]) -> None:
    once = [encode(output) for output in run({"a": story}, [])]
    assert [encode(output) for output in run({"a": story}, cuts)] == once
    assert [encode(output) for output in run({"a": story}, [], crash=True)] == once


@settings(max_examples=25, deadline=None)
@given(story=lives())
def test_nothing_is_told_twice_for_one_occasion(story: list[Told]) -> None:
    notices = notices_of(run({"a": story}, []))
    fresh = [notice for notice in notices if notice.notice_revision == 1]
    places = Counter(
        (notice.occasion, notice.drafted_at, notice.audience, notice.outlet, notice.language) for notice in fresh
    )
    assert set(places.values()) <= {1}
    assert len({notice.notice_id for notice in fresh}) == len(fresh)
    firsts = Counter(
        (notice.audience, notice.outlet, notice.language) for notice in fresh if notice.occasion == "confirmed"
    )
    assert set(firsts.values()) <= {1}
    waiting = Counter[tuple[str, ...]]()
    for notice in {notice.notice_id: notice for notice in notices}.values():
        if notice.state == "draft" and notice.kind.value not in ("apology", "correction"):
            waiting[notice.audience, notice.outlet, notice.language] += 1
    assert set(waiting.values()) <= {1}, "of two texts that say how it stands, one is wrong"


@settings(max_examples=25, deadline=None)
@given(story=lives())
def test_nothing_follows_a_dismissal_and_no_draft_of_it_is_left(story: list[Told]) -> None:
    gone = [told.minute for told in story if told.facts["state"] == IncidentState.DISMISSED]
    notices = notices_of(run({"a": story}, []))
    if gone:
        assert not [n for n in notices if n.notice_revision == 1 and n.drafted_at >= at(min(gone))]
        assert not [n for n in {n.notice_id: n for n in notices}.values() if n.state == "draft"]


@settings(max_examples=30, deadline=None)
@given(story=lives())
def test_an_all_clear_is_told_only_when_it_is_over_and_seen_to_be(story: list[Told]) -> None:
    for notice in notices_of(run({"a": story}, [])):
        if notice.kind.value in ("all_clear", "apology") and notice.notice_revision == 1:
            then = state_at(story, minute_of(int(notice.drafted_at)))
            assert then is not None
            assert then.facts["state"] in (IncidentState.RESOLVED, IncidentState.CLOSED)
            assert not then.facts["blind"]


@settings(max_examples=30, deadline=None)
@given(story=lives())
def test_what_is_promised_is_kept_and_no_end_is_past(story: list[Told]) -> None:
    notices = [notice for notice in notices_of(run({"a": story}, [])) if notice.notice_revision == 1]
    for notice in notices:
        assert notice.estimated_end_at is None or notice.estimated_end_at > notice.drafted_at
        if notice.next_word_at is None or notice.next_word_at > at(LAST):
            continue
        then = state_at(story, minute_of(int(notice.next_word_at)))
        assert then is not None
        if then.facts["state"] not in (IncidentState.CONFIRMED, IncidentState.RECOVERING):
            continue
        later = [
            n
            for n in notices
            if n.audience == notice.audience and notice.drafted_at < n.drafted_at <= notice.next_word_at
        ]
        assert later, (notice.occasion, minute_of(int(notice.drafted_at)), minute_of(int(notice.next_word_at)))


@settings(max_examples=25, deadline=None)
@given(story=lives())
def test_emergency_calls_that_fail_are_told_in_the_pane_that_finds_them(story: list[Told]) -> None:
    notices = [notice for notice in notices_of(run({"a": story}, [])) if notice.notice_revision == 1]
    for told in story:
        if told.facts["state"] != IncidentState.CONFIRMED or not told.facts["numbers"]:
            continue
        texts = [n for n in notices if n.drafted_at <= at(told.minute) and n.outlet == "web" and n.language == "de"]
        assert texts
        assert any("112" in text.body for text in texts)


@settings(max_examples=15, deadline=None)
@given(one=lives(), two=lives())
def test_two_markets_at_once_are_two_markets_one_after_the_other(one: list[Told], two: list[Told]) -> None:
    markets = {"a": "DE", "b": "FR"}
    together = run({"a": one, "b": two}, [], market_of=markets)
    for name, story in (("a", one), ("b", two)):
        alone = run({name: story}, [told.minute for told in one + two], market_of=markets)
        mine = [output for output in together if getattr(output, "incident_id", "") == name]
        assert [encode(output) for output in mine] == [encode(output) for output in alone]


@settings(max_examples=15, deadline=None)
@given(story=lives())
def test_nothing_is_sent_and_every_text_ends(story: list[Told]) -> None:
    notices = notices_of(run({"a": story}, []))
    assert "sent" not in {notice.state for notice in notices}
    latest = {notice.notice_id: notice for notice in notices}
    old = [n for n in latest.values() if n.drafted_at <= at(LAST) and n.state == "draft" and n.kind != "correction"]
    assert [n for n in old if n.expires_at is not None and n.expires_at <= at(LAST + 24 * 60)] == []


@settings(max_examples=25, deadline=None)
@given(whole=lives(), part=lives())
def test_of_what_is_confirmed_people_heard_by_itself_or_as_a_part_before_the_split(
    whole: list[Told], part: list[Told]
) -> None:
    for told in part:
        told.facts["links"] = Links(split_from="a")
    stories = {"a": whole, "b": part}
    outputs = run(stories, [])
    assert [encode(output) for output in run(stories, [], crash=True)] == [encode(output) for output in outputs]
    confirmed = next((told.minute for told in part if told.facts["state"] == IncidentState.CONFIRMED), None)
    notices = notices_of(outputs)
    before = [n for n in notices if n.incident_id == "a" and n.drafted_at < at(part[0].minute)]
    firsts = {int(n.drafted_at) for n in notices if n.incident_id == "b" and n.occasion == "confirmed"}
    assert firsts == (set() if before or confirmed is None else {at(confirmed)})
