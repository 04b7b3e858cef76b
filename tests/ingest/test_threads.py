"""A reply is counted with its own class, its class in context, whom it answers and who writes."""

from typing import Any

import msgspec
import pytest

from pipeline.ingest.apply import Lane
from pipeline.ingest.config import IngestConfig
from pipeline.records.inner.partials import Partial
from pipeline.records.inner.strengths import reply_of
from tests.ingest.world import NOON, PlainReader, batch_of, post, rules, sums_of


def activity(*posts: dict[str, Any], in_context: int = 250, monkeypatch: pytest.MonkeyPatch) -> Partial:
    """The sum of some posts of a nation that say nothing by themselves and something in context."""
    understand = PlainReader.understand

    def shy(self: PlainReader, text: str, **known: Any) -> Any:
        said = understand(self, text, **known)

        return said if said.relevant else msgspec.structs.replace(said, in_context_cnat=in_context)

    monkeypatch.setattr(PlainReader, "understand", shy)
    batch = batch_of([post(NOON, number, **fields) for number, fields in enumerate(posts, 1)], Lane(0, rules(), {}))
    [found] = [p for (s, _), p in sums_of(batch).items() if (s.measure, s.scope_area) == ("activity", "DE")]
    return found


def test_a_reply_that_says_more_in_context_names_its_parent_as_the_parents_complaint_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asks: dict[str, Any] = {"text": "internet down"}
    answers = {"text": "same here", "in_reply_to": "P1"}
    batch = activity(asks, answers, monkeypatch=monkeypatch)
    [reply] = filter(None, map(reply_of, batch.ids.values()))
    whole = [said for part in sums_of(batch_of([post(NOON, 1, **asks)])).values() for said in part.whole]
    assert (reply.strength, reply.raised, reply.parent) == ("1", "3", f"{whole[0].id_hash:013x}")
    assert reply.person in batch.people


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "same here"},
        {"text": "same here", "in_reply_to": "P7", "repost_of": "P8"},
        {"text": "internet down", "in_reply_to": "P7"},
    ],
    ids=["no reply", "a repost", "as strong alone"],
)
def test_anything_else_is_counted_by_its_strength_alone(
    fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(map(reply_of, activity(fields, monkeypatch=monkeypatch).ids.values()))


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"in_reply_to": "P7"}, True),
        ({"in_reply_to": "P7", "market": None}, False),
        ({"in_reply_to": "P7", "repost_of": "P8"}, False),
        ({}, False),
        ({"in_reply_to": "P7", "operator": "netcologne"}, False),
    ],
    ids=["a reply", "of no market", "a repost", "no reply", "of an operator"],
)
def test_a_reply_that_names_no_operator_rides_whole_to_every_partition(fields: dict[str, Any], kept: bool) -> None:
    nobody: dict[str, Any] = {"text": "down here in Bonn, too", "operator": None, "market": "DE"} | fields
    some = rules(IngestConfig(signals_partitions=3))
    said = [envelope.replies for envelope in batch_of([post(NOON, 1, **nobody)], Lane(0, some, {})).envelopes]
    replies = [reply for each in said for reply in each]
    assert len(replies) == 3 * kept
    assert {reply.area for reply in replies} <= {"DE/NW/bonn"}
    assert {reply.tag[:2] for reply in replies} <= {"03"}
