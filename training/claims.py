"""Claims: the texts about emergency calls, their labels, and the weights that are learnt from them.

Texts of `texts/claims` were written for this question: a label, a kind and the text. The texts about faults are
used as well, as far as they pass the gate of INGEST: most hold no claim, and some are flagged as one. A text of a
later writer is judged by weights that have seen nobody's but other writers' texts; those of the first writers are cut
into stretches of each kind, each judged by the others, since neighbours of one sitting resemble each other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.ingest.text.alarm.claiming import ClaimParts, claim_features, is_named, scale_of
from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.learnt.weights import ANY
from training.fitting import CENTINATS, SIZES, Example, Fit, Floats, bounded, fit, held_out_log_odds, is_common
from training.leads import LearntLeads, lead_text, learnt_leads
from training.measuring import FIRST_WRITERS_BELOW, Line, group_of, line_of
from training.net import Net, learnt_net, said_by_net
from training.texts import EVERYDAY, FOLDER, LANGUAGES, UNLEARNT

Truth = float
"""1 for a claim, 0 for none, between for what a person should look at."""

TRUTHS: Final[Mapping[str, Truth]] = {"claim": 1.0, "doubtful": 0.15, "none": 0.0}
"""What a label is learnt as: a text in doubt is likelier none, and its probability should call a person."""

CLAIM_LANGUAGES: Final = LANGUAGES

SURE_PERMILLE: Final = 750
"""From this probability on a claim counts without a person where the lexicon's pairs make none: ordinary days have
many texts that resemble one, and training texts few."""

SHOWN_PERMILLE: Final = (600, 200)
"""Bars of the card's table: of the model alone, whatever the lexicon's pairs say."""

DOUBTFUL_PERMILLE: Final = 60
"""From this probability on a person is asked."""

SIGN_SIZE: Final = 1.0
"""How large signs are taken: texts are few, so what the lexicon knows counts more than single words."""

CLAIM_SIZES: Final = {**SIZES, "sign": SIGN_SIZE}

DOUBT_SHARE: Final = 1.0
"""How much a text in doubt counts in training."""

EVERYDAY_COUNTS: Final = 3.0
"""How much a post of an ordinary day counts: most that is read is one, and of the texts that are read here few are."""

FAULTS: Final = "faults"
EVERYDAY_POSTS: Final = "everyday"
"""Texts that were written for another question: about faults, and those of an ordinary day."""


STRETCHES: Final = 3
"""Stretches into which the first writers' texts of a kind are cut."""


class ClaimText(NamedTuple):
    """A text, what it is, and where it stands.

    Attributes:
        language: Its language.
        source: `claims`, or `FAULTS` for a text about faults, `EVERYDAY_POSTS` for one of an ordinary day.
        part: Number of the file that holds it; from `FIRST_WRITERS_BELOW` on, its tens are its writer.
        kind: What kind of text it is, in the writer's words.
        truth: 1 a claim, 0 none, between: a person should look.
        text: As written.
    """

    language: str
    source: str
    part: int
    kind: str
    truth: Truth
    text: str


class Barred(NamedTuple):
    """How claims come out at one bar, of texts that were held out."""

    claims: int
    precision: float
    recall: float


def read_claim_texts(folder: Path = FOLDER) -> list[ClaimText]:
    """Read all texts, those written for the question first.

    Raises:
        ConfigError: Names the line that has no label.
    """
    texts: list[ClaimText] = []
    for language in CLAIM_LANGUAGES:
        for path in sorted((folder / "claims" / language).glob("*.tsv")):
            texts += _own_texts(language, path)
        for source, where in ((FAULTS, folder / language), (EVERYDAY_POSTS, folder / EVERYDAY.name / language)):
            for path in sorted(where.glob("*.tsv")):
                lines = path.read_text("utf-8").splitlines()
                texts += [_of_fault_text(language, source, int(path.stem), line) for line in lines]
    return texts


def read_unlearnt_claims(folder: Path = FOLDER) -> list[ClaimText]:
    """Read the texts of claims of which the shipped weights have learnt nothing."""
    paths = [(code, path) for code in CLAIM_LANGUAGES for path in (folder / "claims" / UNLEARNT / code).glob("*.tsv")]
    return [text for code, path in sorted(paths) for text in _own_texts(code, path)]


def _own_texts(language: str, path: Path) -> Iterator[ClaimText]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        label, kind, text = (*line.split("\t"), "", "")[:3]
        if label not in TRUTHS or not text:
            raise ConfigError(
                f"{path}:{number}: {line[:80]!r}: must be {', '.join(TRUTHS)}, a kind and a text, tabs between"
            )
        yield ClaimText(language, "claims", int(path.stem), kind, TRUTHS[label], text)


def _of_fault_text(language: str, source: str, part: int, line: str) -> ClaimText:
    columns = line.split("\t")
    flags = columns[5].split(",")
    label = "claim" if "emergency" in flags else "doubtful" if "emergency_doubt" in flags else "none"
    return ClaimText(language, source, part, columns[0], TRUTHS[label], columns[-1])


class ClaimSet(NamedTuple):
    """Texts that pass the gate, and those that do not, to count claims.

    Attributes:
        texts: Those that pass.
        examples: The same as features.
        plain: The same without handles and links.
        named: Each names what may have been called.
        heard: Each would pass though nothing of its writer were learnt.
        missed: Those that do not pass.
    """

    texts: Sequence[ClaimText]
    examples: Sequence[Example]
    plain: Sequence[str]
    named: Sequence[bool]
    heard: Sequence[bool]
    missed: Sequence[ClaimText]


def leads_of_claims(texts: Sequence[ClaimText], rules: TextRules) -> LearntLeads:
    """Learn by which words texts that name nobody are read.

    Args:
        texts: What was written.
        rules: Fold the texts.
    """
    told = [text for text in texts if text.truth in (0.0, 1.0)]
    seen = [
        lead_text(text.text, text.language, alike=text.source == "claims", claims=text.truth == 1.0, rules=rules)
        for text in told
    ]
    found = learnt_leads(seen, _folds(told))
    led = iter(found.led)
    return found._replace(led=[next(led) if text.truth in (0.0, 1.0) else True for text in texts])


def claim_set(texts: Sequence[ClaimText], rules: TextRules, bare: TextRules, led: Sequence[bool]) -> ClaimSet:
    """Turn texts into features.

    Args:
        texts: What was written.
        rules: Fold the texts and find the lexicon's rows; of weights only leads are asked.
        bare: The same without leads.
        led: Each text leads by weights that have not seen its writer.
    """
    found = ClaimSet([], [], [], [], [], [])
    kept, examples, plain, named, heard, missed = (list[Any](part) for part in found)
    for text, leads in zip(texts, led, strict=True):
        parts = rules.read_claim(text.text, text.language)
        if parts is None:
            missed.append(text)
            continue
        kept.append(text)
        examples.append(Example(text.language, _features_of(parts)))
        plain.append(parts.folded.plain)
        named.append(is_named(parts.alarm))
        heard.append(leads or bare.read_claim(text.text, text.language) is not None)
    return ClaimSet(kept, examples, plain, named, heard, missed)


def _features_of(parts: ClaimParts) -> dict[str, float]:
    words, signs = claim_features(*parts)
    scale = scale_of(words) / 1_000
    return {**{name: count * scale for name, count in words.items()}, **signs}


def learnt_claims(texts: Sequence[ClaimText], examples: Sequence[Example]) -> Fit:
    """Learn weights."""
    return fit(examples, [text.truth for text in texts], _shares(texts), CLAIM_SIZES)


def _shares(texts: Sequence[ClaimText]) -> list[float]:
    return [_share_of(text) for text in texts]


def _share_of(text: ClaimText) -> float:
    if text.source == EVERYDAY_POSTS:
        return EVERYDAY_COUNTS
    return 1.0 if text.truth in (0.0, 1.0) else DOUBT_SHARE


def held_out_claims(found: ClaimSet) -> Floats:
    """Log odds of every text, by weights that have not seen its writer, or its stretch of a first writer's file."""
    truths = [text.truth for text in found.texts]
    return held_out_log_odds(found.examples, truths, _shares(found.texts), _folds(found.texts), CLAIM_SIZES)


def labels_of(found: ClaimSet) -> Floats:
    """What each text is: 1 a claim, 0 none, between: a person should look."""
    return np.array([text.truth for text in found.texts])


def unnamed_of(found: ClaimSet) -> Floats:
    """1 for each text that names nothing that may have been called."""
    return 1.0 - np.array(found.named, dtype=np.float64)


def meaning_of(found: ClaimSet, numbers: Floats) -> tuple[Net, Floats]:
    """A net over what sentences mean, and log odds of every text by one that has not seen its writer.

    Args:
        found: The texts.
        numbers: What each means, from `training.meaning.encoded`.
    """
    labels, shares, folds = labels_of(found), np.array(_shares(found.texts)), np.array(_folds(found.texts))
    log_odds = np.zeros(len(labels))
    for fold in sorted({*folds.tolist()}):
        seen = folds != fold
        log_odds[~seen] = said_by_net(learnt_net(numbers[seen], labels[seen], shares[seen]), numbers[~seen])
    return learnt_net(numbers, labels, shares), log_odds


def _folds(texts: Sequence[ClaimText]) -> list[int]:
    """The group of each text's writer; of the first writers' texts the stretch of its kind in its file."""
    sizes = Counter(_sitting(text) for text in texts)
    seen: Counter[tuple[str, str, int, str]] = Counter()
    folds = []
    for text in texts:
        name = _sitting(text)
        later = text.part >= FIRST_WRITERS_BELOW
        folds.append(group_of(text.part) if later else seen[name] * STRETCHES // sizes[name])
        seen[name] += 1
    return folds


def _sitting(text: ClaimText) -> tuple[str, str, int, str]:
    return text.language, text.source, text.part, text.kind


def line_of_claims(found: ClaimSet, log_odds: Floats) -> Line:
    """The line that makes log odds of held-out texts right, one for all languages: each has too few claims."""
    return line_of(log_odds, labels_of(found))


def claim_weights(code: str, found: Fit, line: Line, leads: AlarmWeights) -> AlarmWeights:
    """Weights of a language as they are shipped; of `ANY` the signs that all share.

    Args:
        code: A language of the fit, or `ANY`.
        found: What was learnt.
        line: What makes it right.
        leads: Holds the language's leads.
    """
    scale = line.slope * CENTINATS
    base = found.bases.get(code, float(np.mean(list(found.bases.values()))))
    names = [name for name in found.features(code) if code != ANY or is_common(name)]
    rounded = {name: round(found.weight(code, name) * scale) for name in names}
    return AlarmWeights(
        base=round((base * line.slope + line.shift) * CENTINATS),
        sure_permille=SURE_PERMILLE,
        doubtful_permille=DOUBTFUL_PERMILLE,
        of={name: bounded(weight) for name, weight in rounded.items() if abs(weight) > 1},
        lead_base=leads.lead_base,
        leads=leads.leads,
    )


def barred(found: ClaimSet, log_odds: Floats, language: str, permille: int, source: str = "claims") -> Barred:
    """Precision and recall of claims at a bar; a text in doubt that passes counts as a false one.

    Args:
        found: The texts.
        log_odds: Of each, held out, after the line.
        language: Whose texts count.
        permille: The bar.
        source: Which texts count: those written for the question, or `faults`, the others.
    """
    are_own = source == "claims"
    places = [
        place
        for place, text in enumerate(found.texts)
        if text.language == language and (text.source == "claims") == are_own
    ]
    missed = sum(
        text.language == language and (text.source == "claims") == are_own and text.truth == 1.0
        for text in found.missed
    )
    passed = [place for place in places if found.heard[place] and 1_000 / (1 + np.exp(-log_odds[place])) >= permille]
    claims = sum(found.texts[place].truth == 1.0 for place in places) + missed
    right = sum(found.texts[place].truth == 1.0 for place in passed)
    return Barred(claims, right / max(len(passed), 1), right / max(claims, 1))


def claim_rows(found: ClaimSet, log_odds: Floats) -> Iterator[str]:
    """Lines of the card: precision and recall at both bars, by language and by what the texts were written for.

    Args:
        found: The texts.
        log_odds: Of each, held out, after the line.
    """
    for source in ("claims", FAULTS):
        for language in CLAIM_LANGUAGES if source == "claims" else LANGUAGES:
            sure = barred(found, log_odds, language, SHOWN_PERMILLE[0], source)
            doubt = barred(found, log_odds, language, SHOWN_PERMILLE[1], source)
            where = "texts written for it" if source == "claims" else "texts about faults"
            figures = f"{sure.precision:.3f} | {sure.recall:.3f} | {doubt.precision:.3f} | {doubt.recall:.3f}"
            yield f"| {where} | {language} | {sure.claims} | {figures} |"
