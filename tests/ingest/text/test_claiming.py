"""Claiming: who is asked what a text means, and what a text comes to that names nobody."""

from typing import Any

import pytest

from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.alarm.claiming import ClaimScales
from pipeline.ingest.text.alarm.emergency import AlarmReading
from pipeline.ingest.text.folding import Folder
from pipeline.ingest.text.meaning.net import MeaningNet
from pipeline.ingest.text.relevance import NOTHING
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.learnt.meaning_weights import SIZE
from pipeline.reference.learnt.net_weights import NetWeights

SILENT = NetWeights(1_000, 0, 0, ((0,),) * SIZE, (0,), (0,))
TOLD = "nobody could be rung"


def permille(base: int, hits: tuple[tuple[int, int, str], ...], words: str = f" {TOLD} ") -> tuple[int, int]:
    """What a text comes to, and how often its meaning was asked for.

    Args:
        base: What any text has, in centi-nats.
        hits: What the lexicon of claims finds in it.
        words: Its words.
    """
    asked = [0]

    def read() -> Any:
        asked[0] += 1
        return read_encoder()

    scales = ClaimScales(AlarmWeights(base, 750, 60, {}, 0, {}), MeaningNet(SILENT, read))
    return scales.permille(Folder({}, (), ()).fold(words), AlarmReading(words, hits, ruled=False), NOTHING), asked[0]


@pytest.mark.parametrize(
    ("base", "hits", "asked"),
    [
        pytest.param(100, ((1, 7, "mention"),), 1, id="it names what was called"),
        pytest.param(100, ((1, 7, "device"),), 1, id="it tells of a call"),
        pytest.param(100, ((1, 7, "nothing"),), 0, id="it names nobody"),
        pytest.param(-160, ((1, 7, "mention"),), 0, id="its words say too little"),
    ],
)
def test_meaning_is_asked_for_only_where_it_may_count(
    base: int, hits: tuple[tuple[int, int, str], ...], asked: int
) -> None:
    assert permille(base, hits)[1] == asked


def test_who_names_nobody_is_half_as_likely_and_a_mere_figure_is_no_question() -> None:
    named, _ = permille(-100, ((1, 7, "mention"),))
    assert permille(-100, ((1, 7, "nothing"),))[0] == named // 2 >= 60
    assert permille(-100, ((1, 7, "nothing"),), " nothing in paris xshort ")[0] == named // 2
    assert permille(-100, ((20, 21, "."),), " lessons in paris xshort . ")[0] < 60
