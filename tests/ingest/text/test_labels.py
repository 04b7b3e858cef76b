"""What a text talks of, and which services it says fail, by weights."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.language import SERVICES, TOPICS, read_lexicon, weights_file
from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.odds.features import FULL, share_of_words, token_of
from pipeline.ingest.text.operators.tone import ToneReader
from pipeline.ingest.text.relevance import Relevance
from pipeline.ingest.text.told.labels import LabelReader, ReadText, features_of_words, signs_of_text
from pipeline.ingest.text.told.services import ServiceReader
from pipeline.ingest.text.understand import TextRules
from pipeline.ingest.text.words import Word, WordsSum
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.label_weights import (
    NEVER,
    SERVICES_LEARNT,
    TOPICS_LEARNT,
    LabelWeights,
    label_weights_written,
    parse_label_weights,
)
from pipeline.reference.learnt.weights import permille_of
from pipeline.reference.spoken.brands import Brands

LEXICON = Path(__file__).resolve().parents[3] / "deploy" / "reference" / "lexicon"
LABELS = ("first", "second")
WEIGHTS = LabelWeights(
    LABELS, 20, (-100, 50), (300, NEVER), {"net": (7, -9), "no net": (0, 1_000), "=asks": (-1_000, 3)}
)

WORDS = st.lists(
    st.sampled_from(["no", "internet", "tv", "works", "dead", "refund", "?", ".", "since", "1234"]), max_size=30
)


def test_what_is_written_is_read_again() -> None:
    assert parse_label_weights("w", label_weights_written(WEIGHTS), LABELS) == WEIGHTS


@pytest.mark.parametrize(
    "change", [("# bar_first 300", "# bar_first 0"), ("net\t7\t-9", "net\t7"), ("# format 1", "# format 9")]
)
def test_a_file_that_is_none_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"weights w"):
        parse_label_weights("w", label_weights_written(WEIGHTS).replace(*change), LABELS)


@pytest.mark.parametrize(("what", "labels"), [(TOPICS, TOPICS_LEARNT), (SERVICES, SERVICES_LEARNT)])
def test_shipped_files_are_as_they_would_be_written(what: str, labels: tuple[str, ...]) -> None:
    for code in ("en", "fr", "de"):
        text = weights_file(LEXICON, code, what).read_text(encoding="utf-8")
        assert label_weights_written(parse_label_weights("w", text, labels)) == text


@given(words=WORDS)
def test_rows_of_all_labels_add_up_as_the_weights_do_one_by_one(words: list[str]) -> None:
    weights = read_lexicon(LEXICON).topics["en"] if not _KEPT else _KEPT[0]
    _KEPT[:] = [weights]
    rules = _rules()
    folded, reading = rules.read(" ".join(words), "en")
    names = features_of_words(folded.tokens)
    share = share_of_words(sum(" " not in name for name in names), weights.stretch)
    signs = signs_of_text(folded, reading, ("prices",))
    expected = []
    for place, base in enumerate(weights.bases):
        said = [sum(weights.of[name][place] for name in found if name in weights.of) for found in (names, signs)]
        expected.append(permille_of(base + said[0] * share // FULL + said[1]))
    reader = LabelReader(weights)
    assert reader.permilles(_read(folded, reading), ("prices",)) == expected


def test_what_is_told_of_a_text_that_says_nothing_is_remembered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, learnt = LabelReader(LabelWeights(LABELS, 20, (0, 0), (300, 300), {"net": (7, -9)})), list[object]()

    def weighty(_: LabelReader, signs: object) -> tuple[int, ...]:
        learnt.append(signs)
        return ()

    monkeypatch.setattr(LabelReader, "_weighty", weighty)
    folded, reading = _rules().read("hello", "en")
    for _ in range(3):
        reader.permilles(_read(folded, reading), ())
    assert len(learnt) == 1


def test_where_the_likeliest_service_misses_its_bar_no_other_is_told() -> None:
    rules = _rules()
    folded, reading = rules.read("no internet", "en")
    told = []
    for bar in (900, 300):
        bars = (bar, *[300] * (len(SERVICES_LEARNT) - 1))
        weights = LabelWeights(SERVICES_LEARNT, 20, (100, 90, *[-500] * (len(SERVICES_LEARNT) - 2)), bars, {})
        reader = ServiceReader(LabelReader(weights), ToneReader(Brands(before=(), after=())))
        told.append(reader.told(_read(folded, reading)))
    assert told[0] == ()
    assert told[1][0] == SERVICES_LEARNT[0]


def _read(folded: Folded, reading: Relevance) -> ReadText:
    """A text that no reader of labels has met."""
    known = [Word(text, token_of(text), 0, -1) for text in folded.tokens]
    different = len({word.token for word in known})
    return ReadText("", "en", folded, WordsSum(0, different, 0, 0, 0, known), reading)


_KEPT: list[LabelWeights] = []
_RULES: list[TextRules] = []


def _rules() -> TextRules:
    if not _RULES:
        _RULES.append(TextRules.compile(read_lexicon(LEXICON), (), (), markets=()))
    return _RULES[0]


@pytest.mark.parametrize(
    ("lang", "text", "services"),
    [
        pytest.param("en", "internet works, tv is dead", ("tv",), id="what_works_is_not_told"),
        pytest.param("de", "Internet geht, Fernsehen tot", ("tv",), id="what_works_is_not_told_german"),
        pytest.param("fr", "plus de réseau", ("mobile_voice",), id="calls_and_data_are_one_unless_both_are_named"),
        pytest.param("de", "kein Tatort heute, Bild weg", ("tv",), id="a_programme_is_television"),
    ],
)
def test_services_that_fail_are_told(rules: TextRules, lang: str, text: str, services: tuple[str, ...]) -> None:
    assert rules.understand(text, lang=lang).services == services


def test_a_programme_is_its_channels(rules: TextRules) -> None:
    assert rules.understand("kein Tatort heute, Bild weg", lang="de", market="DE").item == "ard"


@pytest.mark.parametrize(
    ("lang", "text", "topic"),
    [
        pytest.param("en", "planned work tonight so no internet from BT", "planned", id="announced_work"),
        pytest.param("en", "three days off, I want my money back for that", "compensation", id="compensation"),
        pytest.param("de", "Danke an den Techniker, alles wieder gut", "thanks", id="thanks"),
    ],
)
def test_topics_are_told(rules: TextRules, lang: str, text: str, topic: str) -> None:
    assert topic in rules.topics(text, lang=lang)


def test_topics_do_not_depend_on_what_was_read_before(rules: TextRules) -> None:
    texts = ["three days off, I want my money back", "no signal in Leeds", "internet works, tv is dead"]
    alone = [rules.topics(text, lang="en") for text in texts]
    for first, then in pairwise([*texts, *reversed(texts)]):
        rules.understand(first, lang="en")
        assert rules.topics(then, lang="en") == alone[texts.index(then)]
