"""A net over what a sentence means: whole numbers, added to those of words."""

import pytest
from msgspec import structs

from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.meaning.net import MeaningNet, net_of
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.meaning_weights import ONE, SIZE, UNIT
from pipeline.reference.learnt.net_weights import NetWeights, net_weights_written, parse_net_weights

TEXT = "no signal"
FIRST = tuple((ONE, -ONE) if place == 0 else (0, 0) for place in range(SIZE))
"""One hidden number is the first of the sentence's, the other one the same with its sign turned."""

NET = NetWeights(500, -40, 7, FIRST, (0, 0), (1_000, -1_000))


def test_what_is_below_zero_says_nothing() -> None:
    first = int(read_encoder().encode(TEXT)[0])
    nets = [structs.replace(NET, out=out) for out in ((1_000, 0), (0, 1_000))]
    rises, falls = (MeaningNet(net, read_encoder).of(TEXT) for net in nets)
    assert first != 0, "the test needs a sentence whose first number is none"
    assert sorted([rises, falls]) == [7, 7 + abs(first) * ONE // UNIT * 1_000 // (ONE * 10)]


def test_words_count_their_share_and_a_text_that_names_nobody_is_unlikelier() -> None:
    net = MeaningNet(NET, read_encoder)
    assert net.beside(300, TEXT, named=True) == 150 + net.of(TEXT)
    assert net.beside(300, TEXT, named=False) == 150 + net.of(TEXT) - 40


def test_without_weights_or_encoder_nobody_is_asked() -> None:
    assert net_of(None, read_encoder) is None
    assert net_of(NET, None) is None


def test_weights_are_read_as_they_are_written() -> None:
    assert parse_net_weights("meaning.alarm.tsv", net_weights_written(NET)) == NET


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# share_permille 500", "# share_permille 2001", "2001"),
        ("# unnamed -40", "# named -40", "'# unnamed NUMBER'"),
        ("\nshift\t0\t0", "", "513 lines"),
        ("\nout\t1000\t-1000", "\nout", "0 hidden numbers"),
        ("\nout\t1000\t-1000", "\nout\t1000\t-1000\t3", "3 whole numbers"),
    ],
)
def test_weights_that_are_none_are_refused(old: str, new: str, said: str) -> None:
    written = net_weights_written(NET)
    assert old in written
    with pytest.raises(ConfigError, match=said):
        parse_net_weights("meaning.alarm.tsv", written.replace(old, new))
