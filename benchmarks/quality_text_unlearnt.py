"""Text understanding by the shipped files, on texts of the project that they have not learnt, with the bars.

Faults alone and in context (`training/texts/held_out`), and among posts in the mix of an ordinary day (`everyday`);
claims that help cannot be called (`claims/unlearnt`), operators' own posts (`official/held_out` and
`official/unlearnt`), services, topics and flags; and of all texts where the fault is, of which no weights are learnt.
`python -m training.labels` says how right services and topics are told of all texts, each by weights that have not seen
its writer.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.quality_places import MARKETS, OWN, RIGHT_LEAST, SURE_LEAST, hard_texts, told_of, training_texts
from benchmarks.quality_places import figures_of as place_figures
from benchmarks.text_lines import Line, calibration_error, score_of
from pipeline.ingest.text.understand import TextRules
from pipeline.ingest.text.understood import Understood
from pipeline.reference.learnt.label_weights import TOPICS_LEARNT
from pipeline.reference.places import Places
from training.claims import CLAIM_LANGUAGES, read_unlearnt_claims
from training.labels import topic_labels
from training.official import OFFICIAL_LANGUAGES, ends_of, official_figures, read_kept_posts, read_unlearnt_posts
from training.texts import LANGUAGES, UNKNOWN, LabelledText, read_unlearnt_everyday_texts, read_unlearnt_texts

F1_LEAST: Final = {"en": 0.80, "fr": 0.83, "de": 0.82}
F1_IN_CONTEXT_LEAST: Final = 0.88
RECALL_IN_BURST_LEAST: Final = {"fr": (0.90, 0.94), "de": (0.85, 0.95)}
"""Recall of short posts of a burst in context, and at which precision."""

CALIBRATION_ERROR_MOST: Final = 0.05
KIND_LEAST, END_LEAST, OUTAGE_NOW_LEAST = 0.95, 0.90, 0.88
CLAIM_LEAST: Final = {"en": (0.95, 0.92), "fr": (0.95, 0.92), "de": (0.95, 0.92), "nl": (0.90, 0.85)}
"""Precision and recall of claims that nobody has seen."""

ASKED_LEAST: Final = 0.98
"""Recall of claims that are sure or asked about."""

IN_CONTEXT_PERMILLE: Final = 500
"""From this probability in context on a post of a burst counts as a report of the fault."""

SHORT_WORDS_MAX: Final = 8


class Read(NamedTuple):
    """A text, and what the shipped rules understand of it."""

    text: LabelledText
    said: Understood
    topics: frozenset[str]


def read_all(rules: TextRules, texts: Iterable[LabelledText]) -> list[Read]:
    """Let the rules read texts."""
    found = []
    for text in texts:
        market = MARKETS[text.language]
        said = rules.understand(text.text, lang=text.language, market=market)
        topics = {topic.partition(":")[0] for topic in rules.topics(text.text, lang=text.language, market=market)}
        found.append(Read(text, said, frozenset("rumour" if topic == "claim" else topic for topic in topics)))
    return found


def fault_lines(read: Sequence[Read]) -> Iterator[Line]:
    """A fault by language: alone at the shipped threshold, in context, short posts of a burst."""
    for code in LANGUAGES:
        own = [one for one in read if one.text.language == code]
        told = [one for one in own if one.text.fault is not None]
        if not told:
            continue
        name, of = f"{code}, a fault, unlearnt writers", f"{len(told)} texts"
        yield Line(f"{name}, alone: F1", score_of(map(_alone, told)).f1, {"fr": 0.83, **F1_LEAST}.get(code), why=of)
        yield Line(
            f"{name}, in context: F1", score_of(map(_in_context, own)).f1, F1_IN_CONTEXT_LEAST if code == "fr" else None
        )
        short = [one for one in own if len(one.text.text.split()) <= SHORT_WORDS_MAX]
        yield from burst_lines(f"{name}, up to {SHORT_WORDS_MAX} words", code, map(_in_context, short))
        everyday = [one.said.probability_permille for one in told]
        error = calibration_error(everyday, [bool(one.text.fault) for one in told])
        yield Line(f"{name}, alone: calibration error at everyday odds", error, why="half of these texts are faults")
        context = calibration_error([one.said.in_context_permille for one in own], [one.text.in_context for one in own])
        yield Line(f"{name}, in context: calibration error", context, CALIBRATION_ERROR_MOST, most=True)


def everyday_lines(read: Sequence[Read]) -> Iterator[Line]:
    """A fault among posts in the mix of an ordinary day, by language: alone, at the shipped threshold and odds."""
    for code in LANGUAGES:
        told = [one for one in read if one.text.language == code and one.text.fault is not None]
        if not told:
            continue
        got = score_of(map(_alone, told))
        why = f"{got.right + got.missed} of {len(told)} posts are faults"
        yield Line(f"{code}, everyday posts, an unlearnt writer, alone: F1", got.f1, why=why)
        yield Line(f"{code}, everyday posts, an unlearnt writer, alone: precision", got.precision)
        yield Line(f"{code}, everyday posts, an unlearnt writer, alone: recall", got.recall)
        said = [one.said.probability_permille for one in told]
        error = calibration_error(said, [bool(one.text.fault) for one in told])
        name = f"{code}, everyday posts, an unlearnt writer, alone: calibration error"
        yield Line(name, error, CALIBRATION_ERROR_MOST, most=True)


def burst_lines(name: str, code: str, pairs: Iterable[tuple[bool, bool]]) -> Iterator[Line]:
    """Recall and precision of posts inside a burst, in context."""
    got = score_of(pairs)
    recall, precision = RECALL_IN_BURST_LEAST.get(code, (None, None))
    yield Line(f"{name}, in context: recall", got.recall, recall, why=f"{got.right + got.missed} reports")
    yield Line(f"{name}, in context: precision", got.precision, precision)


def _alone(one: Read) -> tuple[bool, bool]:
    return one.said.relevant, bool(one.text.fault)


def _in_context(one: Read) -> tuple[bool, bool]:
    return one.said.in_context_permille >= IN_CONTEXT_PERMILLE, one.text.in_context


def claim_lines(rules: TextRules) -> Iterator[Line]:
    """Claims by language: sure ones, and those that are asked about as well."""
    texts = read_unlearnt_claims()
    for code in CLAIM_LANGUAGES:
        own = [text for text in texts if text.language == code]
        said = [rules.understand(text.text, lang=code, market=MARKETS[code]) for text in own]
        claims = [text.truth == 1.0 for text in own]
        yield from claim_bars(f"{code}, help cannot be called, unlearnt near misses", code, said, claims)


def claim_bars(name: str, code: str, said: Sequence[Understood], claims: Sequence[bool]) -> Iterator[Line]:
    """Precision and recall of claims beside the bars of those that nobody has seen."""
    sure = score_of((one.emergency, claim) for one, claim in zip(said, claims, strict=True))
    asked = score_of((one.emergency or one.claim_doubtful, claim) for one, claim in zip(said, claims, strict=True))
    precision, recall = CLAIM_LEAST[code]
    yield Line(f"{name}: precision, sure", sure.precision, precision, why=f"{sum(claims)} claims of {len(claims)}")
    yield Line(f"{name}: recall, sure", sure.recall, recall)
    yield Line(f"{name}: recall, sure or asked", asked.recall, ASKED_LEAST)


def official_lines(rules: TextRules) -> Iterator[Line]:
    """How right operators' own posts are read; of replies it is known that they are."""
    for name, texts in (("kept", read_kept_posts()), ("unlearnt", read_unlearnt_posts())):
        told = [
            rules.official(text.text, lang=text.language, market=MARKETS[text.language], answers=text.to_one).kind
            for text in texts
        ]
        for code in OFFICIAL_LANGUAGES:
            found, ends = official_figures(texts, told, code), ends_of(texts, rules, code)
            what = f"{code}, an operator's post, {name}"
            yield Line(f"{what}: kind right, in a thread", found.kind_in_thread, KIND_LEAST, why=f"{found.texts} posts")
            yield Line(f"{what}: does the right thing, in a thread", found.acts)
            yield Line(f"{what}: an outage now, F1", found.f1, OUTAGE_NOW_LEAST)
            if ends.promised:
                share = ends.right / ends.promised
                yield Line(f"{what}: promised end read", share, END_LEAST, why=f"{ends.promised} ends")


def place_lines(rules: TextRules, places: Places) -> Iterator[Line]:
    """How often a text's place is read, and how often rightly: the node itself, or one that it lies in."""
    sets = {code: training_texts(code) for code in LANGUAGES} | {
        f"hard, {market}": hard_texts(market) for market in OWN
    }
    for name, texts in sets.items():
        got = place_figures(told_of(rules, places, texts))
        if got.named:  # else no gazetteer of its country is shipped
            yield Line(f"{name}, place: right when sure", got.precision, RIGHT_LEAST, why=f"{got.named} texts")
            yield Line(f"{name}, place: sure where one is named", got.share, SURE_LEAST)


def told_lines(read: Sequence[Read]) -> Iterator[Line]:
    """Services, topics and flags by language."""
    for code in LANGUAGES:
        own = [one for one in read if one.text.language == code]
        named = [one for one in own if one.text.fault and one.said.relevant and one.text.services - {UNKNOWN}]
        if not named:
            continue
        right = sum(is_right(one.said.service, one.text.services) for one in named)
        told = [one for one in named if one.said.service is not None]
        yield Line(f"{code}, service: told, of faults that name one", len(told) / len(named), why=f"{len(named)} texts")
        yield Line(f"{code}, service: right when told", right / max(len(told), 1))
        for label in sorted({label for one in own for label in labels_of(one.text)}):
            pairs = [(label in _told(one), label in labels_of(one.text)) for one in own]
            got = score_of(pairs)
            why = f"precision {got.precision:.2f}, recall {got.recall:.2f} of {got.right + got.missed}"
            yield Line(f"{code}, talks of {label}: F1", got.f1, why=why)


def labels_of(text: LabelledText) -> frozenset[str]:
    """Topics and flags of a text, by the names of the program, as far as weights or lists tell them."""
    return topic_labels(text) & frozenset((*TOPICS_LEARNT, "blame", "isolated"))


def _told(one: Read) -> frozenset[str]:
    """What is told of them: who has it by what the whole text says, others by its topics."""
    spread = {one.said.spread} if one.said.spread else set()
    return (one.topics - {"isolated", "general"}) | spread | ({"back"} if one.said.back else set())


def is_right(service: str | None, services: frozenset[str]) -> bool:
    """Is a service one of those that fail? Of a mobile network that fails, calls and data are the same fault.

    >>> is_right("mobile_data", frozenset({"mobile_voice"})), is_right("tv", frozenset({"all"}))
    (True, True)
    """
    mobile = {"mobile_voice", "mobile_data"}
    return service is not None and (
        service in services or "all" in services or (service in mobile and bool(mobile & services))
    )


def unlearnt_lines(rules: TextRules, places: Places) -> Iterator[Line]:
    """All figures by the shipped files."""
    unlearnt = read_all(rules, [text for code in LANGUAGES for text in read_unlearnt_texts(code)])
    yield from fault_lines(unlearnt)
    yield from everyday_lines(
        read_all(rules, [text for code in LANGUAGES for text in read_unlearnt_everyday_texts(code)])
    )
    yield from claim_lines(rules)
    yield from official_lines(rules)
    yield from place_lines(rules, places)
    yield from told_lines(unlearnt)
