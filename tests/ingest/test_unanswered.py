"""Complaints that ride whole: the newest few of a series and pane, the same under any cut and order."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.apply import Lane
from pipeline.records.inner.talk import WHOLE_CHARS_MAX, WHOLE_MAX, WholeComplaint, newest_whole
from tests.ingest.world import NOON, Raw, by_source, post, rules, ticket


def whole_of(records: list[Raw], cuts: list[int]) -> list[WholeComplaint]:
    """What rides along of the records of one series and pane, the batches merged."""
    lane = Lane(0, rules(), {})
    found: list[WholeComplaint] = []
    for first, after in itertools.pairwise([0, *sorted(cuts), len(records)]):
        for source, some in by_source(records[first:after]).items():
            lane.take(source, some, None)
        parts = [part for envelope in lane.close().envelopes for part in envelope.partials]
        found += [whole for part in parts if "/" in part.scope_area for whole in part.partial.whole]
    return newest_whole(found)


def storm(texts: list[tuple[int, int, str]]) -> list[Raw]:
    """Posts of one pane by (id, ms within the pane, text)."""
    return [post(NOON + at, number, timestamp=NOON + at, text=f"Bonn down {text}") for number, at, text in texts]


posts = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 9_999), st.sampled_from(["", "112", "!"])), min_size=1, max_size=90
)


@given(texts=posts, data=st.data())
def test_any_cut_and_any_order_within_a_pane_keep_the_same_complaints(
    texts: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    records = storm(texts)
    cuts = data.draw(st.lists(st.integers(0, len(records)), max_size=4))
    mixed = list(records)
    random.Random(data.draw(st.integers(0, 99))).shuffle(mixed)
    assert whole_of(mixed, cuts) == whole_of(records, [])


def test_of_a_storm_the_newest_few_ride_along_and_a_claim_that_no_help_can_be_called_before_them() -> None:
    records = storm([(0, 0, "112"), *((number, number * 90, "") for number in range(1, 100))])
    kept = whole_of(records, [])
    assert len(kept) == WHOLE_MAX
    assert [complaint.emergency for complaint in kept] == [True] + [False] * (WHOLE_MAX - 1)
    assert [int(complaint.at) - NOON for complaint in kept[1:]] == [number * 90 for number in range(99, 92, -1)]


def test_what_rides_along_names_nobody_and_is_short() -> None:
    text = "Bonn down @anna call 0176 1234567 " + "x" * 400
    (kept,) = whole_of([post(NOON, 1, timestamp=NOON, text=text)], [])
    assert "anna" not in kept.text
    assert "1234567" not in kept.text
    assert len(kept.text) <= WHOLE_CHARS_MAX
    assert kept.intake == "x"


def test_a_ticket_says_how_it_came_in_and_whether_a_business_writes() -> None:
    records = [ticket(NOON, 1, timestamp=NOON, text="Bonn down", intake="chat", segment="business")]
    (kept,) = whole_of(records, [])
    assert (kept.source, kept.intake, kept.business) == ("tickets", "chat", True)


def test_a_post_says_which_post_it_answers_in_the_hash_of_that_post() -> None:
    first, then = whole_of(
        [
            post(NOON, 1, timestamp=NOON, text="Bonn down"),
            post(NOON, 2, timestamp=NOON, text="Bonn down", in_reply_to="P1"),
        ],
        [],
    )
    assert {first.in_reply_to, then.in_reply_to} - {0} <= {first.id_hash, then.id_hash}
