"""Laws of CORRELATE: what comes out depends on what was sealed, and on nothing else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.reference.belief import load_durations
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.apply import apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.state import CorrelateState
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Activity, FeedSilence, Sealed, SealedPane
from pipeline.records.inner.changes import Change
from pipeline.records.inner.weighings import Weighing
from pipeline.records.published.decisions import Decision
from pipeline.reference.lasting.durations import DurationTable
from tests.correlate.stories import (
    NINE,
    REFERENCE,
    Story,
    anomaly,
    claim,
    command,
    complained,
    figure,
    official,
    pane_with,
    reborn,
    record_bytes,
    talk,
    time_text,
)

PARTITIONS = 3
SHIPPED = load_durations(reference_folder())
BRIEF = DurationTable(
    over_permille=(100, 500, 900, 950, 995), minutes={"any": (1, 2, 3, 4, 5), "wide": (9, 10, 11, 90, 91)}
)
CONFIG = CorrelateConfig()
AREAS = ("DE/NW/koeln", "DE/NW/bonn", "DE/HH/hamburg", "DE/BY/muenchen", "DE/BE/berlin", "DE/NW", "DE")
OPERATORS = ("netcologne", "alpha", "beta")

minutes = st.sampled_from((0, 0, 0, 7, 14, 35, 84))
"""Few, so that much falls into one pane; far enough apart that quiet, holds and windows run out."""


@st.composite
def things(draw: st.DrawFn) -> tuple[int, Any]:
    """Something that DETECT may find, and its minute."""
    minute = draw(minutes)
    area, operator = draw(st.sampled_from(AREAS)), draw(st.sampled_from(OPERATORS))
    person = draw(st.integers(1, 3))
    feed: dict[str, Any] = {"operator": operator, "area": area[:5], "source": "mentions", "since": Instant(NINE)}
    window = {"until": time_text(minute + 30), "reason": "work"}
    makers: tuple[Callable[[], object], ...] = (
        lambda: talk(minute, 4 * person, area=area, operator=operator),
        lambda: talk(minute, 60, area=area, operator=operator, source="tickets"),
        lambda: anomaly(minute, area, "telemetry", operator=operator, service=draw(st.sampled_from(SERVICES))),
        lambda: anomaly(minute, "DE", measure="activity", operator=operator),
        lambda: claim(minute, person, operator=draw(st.sampled_from((operator, ""))), area=area),
        lambda: claim(minute, person, operator=operator, area=area, permille=600, doubtful=True),
        lambda: official(minute, operator=operator),
        lambda: FeedSilence(**feed, ended=draw(st.booleans())),
        lambda: Activity(operator=operator, source="mentions", measure="activity", observed=9.0, expected=1.0),
        lambda: figure(minute, 1_000 * person, operator=operator),
        lambda: complained(minute, person, operator=operator, area=area, service=draw(st.sampled_from(SERVICES))),
        lambda: command(minute, draw(st.sampled_from(("maintenance", "silence"))), operator, **window),
        lambda: command(minute, "split", operator, area=area),
        lambda: command(minute, "exercise", operator, service=draw(st.sampled_from(REHEARSED)), **window),
    )
    return minute, draw(st.sampled_from(makers))()


REHEARSED = (None, "broadband", "emergency")
SERVICES = ("", "broadband", "mobile_voice", "tv")
stories = st.lists(st.tuples(things(), st.integers(0, PARTITIONS - 1)), max_size=24)
Told = list[tuple[tuple[int, Any], int]]


def parts_of(told: Told) -> list[list[SealedPane]]:
    """What each partition of DETECT seals, pane by pane; what it believes of a place comes from one of them."""
    parts: list[dict[int, list[Any]]] = [{} for _ in range(PARTITIONS)]
    whole: dict[int, list[Any]] = {}
    for (minute, thing), partition in told:
        end = NINE + minute * 60_000 + PANE_MS
        parts[partition].setdefault(end, []).append(thing)
        whole.setdefault(end, []).append(thing)
    for end, content in whole.items():
        for known in pane_with(end, content).weighings:
            parts[len(known.area) % PARTITIONS].setdefault(end, []).append(known)
    return [[_as_told(end, part[end]) for end in sorted(part)] for part in parts]


def _as_told(end: int, content: list[Any]) -> SealedPane:
    weighings = [known for known in content if isinstance(known, Weighing)]
    pane = pane_with(end, [thing for thing in content if not isinstance(thing, Weighing)])
    pane.weighings[:] = weighings
    return pane


def run(records: list[Sealed], *, crash: bool = False) -> list[bytes]:
    """Apply records in turn; with `crash` the state is written and read again after each."""
    state = CorrelateState(0)
    outputs: list[object] = []
    for record in records:
        outputs += apply(state, record, CONFIG, REFERENCE).outputs
        if crash:
            state = reborn(state)
    return [record_bytes(output) for output in outputs]


def sealed(partition: int, panes: list[SealedPane], to: int) -> Sealed:
    return Sealed(market="DE", epoch=1, partition=partition, partitions=PARTITIONS, sealed_to=Instant(to), panes=panes)


END = NINE + 48 * 60 * 60_000
"""Two days on: even what waited for a silent feed is over."""


def at_once(told: Told) -> list[Sealed]:
    return [sealed(partition, panes, END) for partition, panes in enumerate(parts_of(told))]


@st.composite
def interleaved(draw: st.DrawFn, told: Told) -> list[Sealed]:
    """Any cut of each partition's log, in any interleaving; empty steps among them."""
    queues = []
    for partition, panes in enumerate(parts_of(told)):
        records, rest = [], list(panes)
        while rest:
            size = draw(st.integers(1, len(rest)))
            cut, rest = rest[:size], rest[size:]
            if draw(st.booleans()):  # a record split in two: only the last part moves time
                records.append(sealed(partition, cut[:1], 0))
                cut = cut[1:]
                records.append(sealed(partition, cut, cut[-1].end if cut else rest[0].end - PANE_MS if rest else NINE))
            else:
                records.append(sealed(partition, cut, cut[-1].end))
        before_end = draw(st.lists(st.integers(1, 2_800), max_size=2))
        records += [sealed(partition, [], END - minute * 60_000) for minute in before_end]
        queues.append([*_rising(records), sealed(partition, [], END)])
    order = []
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue]))
        order.append(queue.pop(0))
    return order


def _rising(records: list[Sealed]) -> list[Sealed]:
    """Empty steps must not pass content that comes after them."""
    content = [record for record in records if record.panes or record.sealed_to < NINE]
    empty = sorted((record for record in records if record not in content), key=lambda record: record.sealed_to)
    last = max((pane.end for record in content for pane in record.panes), default=0)
    return content + [record for record in empty if record.sealed_to > last]


@settings(max_examples=80, deadline=None)
@given(data=st.data(), told=stories)
def test_any_interleaving_and_any_split_give_the_same_bytes(data: st.DataObject, told: Told) -> None:
    assert run(data.draw(interleaved(told))) == run(at_once(told))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), told=stories)
def test_a_restart_after_any_record_changes_nothing(data: st.DataObject, told: Told) -> None:
    records = data.draw(interleaved(told))
    assert run(records, crash=True) == run(records)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), told=stories)
def test_the_order_within_a_pane_and_the_partition_do_not_matter(data: st.DataObject, told: Told) -> None:
    shuffled = [(thing, data.draw(st.integers(0, PARTITIONS - 1))) for thing, _ in data.draw(st.permutations(told))]
    assert run(at_once(shuffled)) == run(at_once(told))


@settings(max_examples=60, deadline=None)
@given(told=stories)
def test_revisions_rise_by_one_and_ids_are_stable(told: Told) -> None:
    latest: dict[str, int] = {}
    state = CorrelateState(0)
    outputs = [output for record in at_once(told) for output in apply(state, record, CONFIG, REFERENCE).outputs]
    for change in (output for output in outputs if isinstance(output, Change)):
        known = latest.get(change.after.incident_id, 0)
        assert change.after.revision == known + 1
        assert (change.before is None) == (known == 0)
        assert change.after.updated_at == change.at
        latest[change.after.incident_id] = change.after.revision
    names = [output.decision_id for output in outputs if isinstance(output, Decision)]
    assert len(names) == len(set(names))
    assert state.slots["DE"].incidents == []  # two days later all is over


@pytest.mark.parametrize("durations", [None, SHIPPED, BRIEF], ids=["by_settings", "by_the_table", "short_ones"])
@settings(max_examples=40, deadline=None)
@given(told=stories)
def test_no_end_is_estimated_before_the_revision_that_tells_it(durations: DurationTable | None, told: Told) -> None:
    state, reference = CorrelateState(0), replace(REFERENCE, durations=durations)
    outputs = [output for record in at_once(told) for output in apply(state, record, CONFIG, reference).outputs]
    for change in (output for output in outputs if isinstance(output, Change)):
        end = change.after.estimated_end
        if end is not None:
            assert change.at <= end.earliest <= (end.likely or end.latest) <= end.latest


@settings(max_examples=40, deadline=None)
@given(gaps=st.lists(st.integers(1, 40), min_size=5, max_size=40))
def test_however_evidence_flaps_state_changes_are_few(gaps: list[int]) -> None:
    story, minute = Story(), 0
    for gap in gaps:
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
        minute += gap
    changes = [change for change in story.changes if change.before is None or change.before.state != change.after.state]
    quarters = minute // CONFIG.lifecycle.quiet_minutes + 2
    assert len(changes) <= 2 * quarters
    assert len(story.incidents) <= minute // 60 + 1


@settings(max_examples=40, deadline=None)
@given(told=stories)
def test_state_does_not_alias_what_was_sealed(told: Told) -> None:
    records = at_once(told)
    before = [msgspec.json.encode(record, enc_hook=int) for record in records]
    run(records)
    assert [msgspec.json.encode(record, enc_hook=int) for record in records] == before
