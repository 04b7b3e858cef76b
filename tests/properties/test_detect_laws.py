"""Laws of DETECT: how the input was cut, mixed or interrupted changes nothing."""

import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.config import DetectConfig
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS, Instant
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.inner.judgements import Judgement
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.inner.signals import Envelope, OfficialPost
from tests.detect.world import BONN, KOELN, MONDAY, Run, complaints, envelope, reading

LAWS = DetectConfig(
    markets=("DE", "FR"), warm_up_ms=20 * MINUTE_MS, early_ms=5 * MINUTE_MS, people_gap_ms=10 * MINUTE_MS
)
MINUTES = 60
LANES = 2
AACHEN = "DE/NW/aachen"
AREAS = (KOELN, BONN, "DE/NW/rhein-sieg-kreis/siegburg")

Content = list[tuple[int, int, int, int, bool]]
"""Minute, pane, area, how many people; telemetry instead of complaints."""

contents = st.lists(
    st.tuples(st.integers(0, MINUTES - 1), st.integers(0, 5), st.integers(0, 2), st.integers(1, 12), st.booleans()),
    min_size=1,
    max_size=120,
)


def parts_of(content: Content, operator: str = "netcologne") -> list[SeriesPartial]:
    """Partials, each with people of its own."""
    parts = []
    for number, (minute, pane, area, many, telemetry) in enumerate(content):
        at = MONDAY + minute * MINUTE_MS + pane * PANE_MS
        if telemetry:
            parts.append(reading(at, many / 12, AREAS[area], operator=operator))
        else:
            people = range(100 * number, 100 * number + many)
            parts.append(complaints(at, people, AREAS[area], operator=operator))
    return parts


def officials_of(content: Content) -> list[OfficialPost]:
    """A few posts that ride whole."""
    return [
        OfficialPost(
            operator="netcologne",
            at=Instant(MONDAY + minute * MINUTE_MS + many),
            post_id=f"p{n}",
            platform="x",
            text="-",
        )
        for n, (minute, _, _, many, _) in enumerate(content[:5])
    ]


def cut(parts: list[SeriesPartial], officials: list[OfficialPost], seed: int) -> Iterator[Envelope]:
    """The same content in other envelopes: lanes, batches, splits and order by chance.

    A lane's clock never passes what the lane has yet to say.
    """
    rng = random.Random(seed)
    lanes: list[list[Envelope]] = []
    shares = [[part for n, part in enumerate(parts) if (n * 7 + seed) % LANES == lane] for lane in range(LANES)]
    for lane, share in enumerate(shares):
        taken: list[Envelope] = []
        minute = 0
        while minute < MINUTES:
            until = min(MINUTES, minute + rng.randint(1, 25))
            begin, end = MONDAY + minute * MINUTE_MS, MONDAY + until * MINUTE_MS
            said = [part for part in share if begin <= part.pane < end]
            posts = [post for post in officials if lane == 0 and begin <= post.at < end]
            rng.shuffle(said)
            middle = rng.randint(0, len(said))
            taken.append(envelope(said[:middle], None, lane, LANES))
            taken.append(envelope(said[middle:], end, lane, LANES, officials=posts))
            minute = until
        lanes.append(taken)
    while any(lanes):
        yield rng.choice([lane for lane in lanes if lane]).pop(0)


def result(parts: list[SeriesPartial], officials: list[OfficialPost], seed: int, *, restart_every: int = 0) -> Run:
    """All that comes of some content, cut by chance, and time well past its end."""
    run = Run(LAWS)
    for number, taken in enumerate(cut(parts, officials, seed), start=1):
        run.take(taken)
        if restart_every and number % restart_every == 0:
            run.restart()
    for lane in range(LANES):
        run.take(envelope([], MONDAY + 3 * HOUR_MS, lane, LANES))
    return run


@settings(max_examples=40, deadline=None)
@given(content=contents, seed=st.integers(0, 10**6))
def test_no_cut_and_no_interleaving_changes_what_is_found(content: Content, seed: int) -> None:
    parts, officials = parts_of(content), officials_of(content)
    once, again = result(parts, officials, seed), result(parts, officials, seed + 1)
    assert not once.refused
    assert once.merged() == again.merged()


@settings(max_examples=30, deadline=None)
@given(content=contents, seed=st.integers(0, 10**6))
def test_order_within_a_pane_does_not_matter(content: Content, seed: int) -> None:
    parts = parts_of(content)
    mixed = parts.copy()
    random.Random(seed).shuffle(mixed)
    assert Run(LAWS).live(parts, MONDAY + 2 * HOUR_MS).merged() == Run(LAWS).live(mixed, MONDAY + 2 * HOUR_MS).merged()


@settings(max_examples=30, deadline=None)
@given(content=contents, seed=st.integers(0, 10**6), every=st.integers(1, 5))
def test_a_restart_from_a_snapshot_gives_the_same_outputs(content: Content, seed: int, every: int) -> None:
    parts, officials = parts_of(content), officials_of(content)
    straight = result(parts, officials, seed)
    broken = result(parts, officials, seed, restart_every=every)
    assert broken.outputs == straight.outputs
    assert [step.judged for step in broken.steps] == [step.judged for step in straight.steps]


def _told(run: Run, operator: str) -> list[object]:
    anomalies: list[object] = [each for each in run.anomalies if each.operator == operator]
    judged = [each for step in run.steps for each in step.judged if isinstance(each, Judgement)]
    return [*anomalies, *(each for each in judged if each.series.operator == operator)]


@settings(max_examples=30, deadline=None)
@given(mine=contents, theirs=contents)
def test_a_neighbour_changes_no_verdict(mine: Content, theirs: Content) -> None:
    ours, others = parts_of(mine), parts_of(theirs, "o2")
    alone = Run(LAWS).live(ours, MONDAY + 2 * HOUR_MS)
    together = Run(LAWS).live([*ours, *others], MONDAY + 2 * HOUR_MS)
    assert _told(together, "netcologne") == _told(alone, "netcologne")


@settings(max_examples=30, deadline=None)
@given(content=contents)
def test_a_neighbouring_town_changes_no_verdict_of_a_town(content: Content) -> None:
    # The source speaks in the scope either way, first and last: how loud it was decides when its silence is told.
    first = [(0, 0, 0, 1, False), (0, 0, 1, 1, False)]
    ticking = [complaints(MONDAY + minute * MINUTE_MS, [minute], AACHEN) for minute in range(MINUTES)]
    mine = [*ticking, *parts_of([*first, *(each for each in content if each[2] == 0)])]
    both = [*mine, *parts_of([each for each in content if each[2] != 0])]

    def of_town(run: Run) -> list[Anomaly]:
        return [anomaly for anomaly in run.anomalies if anomaly.area == KOELN]

    assert of_town(Run(LAWS).live(both, MONDAY + HOUR_MS)) == of_town(Run(LAWS).live(mine, MONDAY + HOUR_MS))


@settings(max_examples=30, deadline=None)
@given(content=contents, seed=st.integers(0, 10**6))
def test_every_series_that_said_something_is_judged_or_said_to_be_suppressed(content: Content, seed: int) -> None:
    parts = parts_of(content)
    run = result(parts, [], seed)
    judged = {(each.series, each.ended_at) for step in run.steps for each in step.judged if isinstance(each, Judgement)}
    said = {(part.series, part.pane - part.pane % MINUTE_MS + MINUTE_MS) for part in parts}
    assert said <= judged
