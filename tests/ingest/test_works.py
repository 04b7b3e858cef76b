"""Work that is to change what is usual: it is planned before it is over, or it is no plan."""

import pytest

from pipeline.records.errors import Reason
from tests.ingest.world import batch_of, command

WORK = {"kind": "maintenance", "target": "netcologne", "reason": "new routers", "usual": True}
"""Ordered at 11:00."""


@pytest.mark.parametrize(
    ("until", "reasons"),
    [
        pytest.param("2025-02-12T04:00:00Z", [Reason.BAD_TIME], id="over_for_long"),
        pytest.param("2025-02-12T11:00:10Z", [Reason.BAD_TIME], id="over_with_the_pane_of_its_order"),
        pytest.param("2025-02-12T11:00:11Z", [], id="still_to_end"),
    ],
)
def test_work_that_is_over_when_it_is_ordered_changes_nothing(until: str, reasons: list[Reason]) -> None:
    order = command(**WORK, starts_at="2025-02-12T01:00:00Z", until=until)  # type: ignore[arg-type]  # fields of the record
    batch = batch_of([order])
    assert [refusal.reason for refusal in batch.quarantined] == reasons
    assert any(envelope.commands for envelope in batch.envelopes) == (not reasons)
