"""Who passes a claim on is told from who says it: a few accounts and their reposts are not a crowd that knows."""

from pipeline.ingest.apply import Lane
from tests.ingest.world import NOON, by_source, post, rules


def test_who_passes_a_claim_on_is_told_from_who_says_it() -> None:
    text, lane = "Netcologne was hacked", Lane(0, rules(), {})
    posts = [post(NOON, 1, text=text), *(post(NOON, number, text=text, repost_of="P1") for number in (2, 3, 3))]
    for source, records in by_source(posts).items():
        lane.take(source, records, None)
    sums = [item for envelope in lane.close().envelopes for item in envelope.partials]
    claims = {item.series.item: item.partial.distinct for item in sums if "claim:" in item.series.item}
    assert claims == {"claim:attack": 3, "repost:claim:attack": 2}
