"""What is remembered: copies are apart, and another layout is refused."""

import msgspec
import pytest

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.correlate.parts import Part
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.records.errors import StateError
from tests.correlate.made import KOELN, dossier, incident, series
from tests.correlate.stories import at

PARTS = [name for name in OpenIncident.__struct_fields__ if isinstance(getattr(incident(), name), Part)]


def test_a_market_is_read_as_it_was_written() -> None:
    market = MarketState(market="DE", incidents=[incident(dossier(KOELN, series=[series()]))])
    assert decode_slot(encode_slot(market), MarketState) == market


def test_a_snapshot_of_flat_incidents_is_refused() -> None:
    flat = {"incident_id": "i1", "market": "DE", "opened_at": at(0), "state": "confirmed", "state_since": at(0)}
    old = {"market": "DE", "epoch": 1, "partitions": 1, "incidents": [flat]}
    with pytest.raises(StateError, match="--rebuild"):
        decode_slot(encode_slot(old), MarketState)


@pytest.mark.parametrize("name", PARTS)
def test_a_copy_shares_no_list_and_no_table(name: str) -> None:
    original = incident(dossier(KOELN, series=[series()]))
    before = msgspec.msgpack.encode(original, enc_hook=int)
    part = getattr(original.copy(), name)
    for field in part.__struct_fields__:
        held = getattr(part, field)
        if isinstance(held, dict):
            held["more"] = 1
        elif isinstance(held, list):
            held.append("more")
        else:
            setattr(part, field, None)
    assert msgspec.msgpack.encode(original, enc_hook=int) == before


def test_every_part_of_an_incident_is_copied() -> None:
    original = incident()
    copied = original.copy()
    assert copied == original
    assert len(PARTS) == 12
    assert not [name for name in PARTS if getattr(copied, name) is getattr(original, name)]
