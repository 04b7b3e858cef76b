"""Official posts: the texts that operators might write, their kinds, and the weights that are learnt from them.

Texts of `texts/official` were written for this question: kind, promised end, service, place and text. Texts about
faults that are flagged as official are used as well; their flags are coarser, so each says which kinds it may be.
A reply is learnt twice: as one of which the platform says so, and as one of which nothing is known.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.ingest.text.odds.features import FULL
from pipeline.ingest.text.official.cues import ANSWERS, CUE
from pipeline.ingest.text.official.ends import Promise
from pipeline.ingest.text.official.kinds import share_of
from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import OFFICIAL_KINDS, TELL_OF_AN_OUTAGE
from pipeline.reference.learnt.weights import ANY
from pipeline.reference.official_words import OfficialWeights
from training.fitting import ALL, CENTINATS, Floats, bounded, softmax_minimum
from training.meaning import HALF, PostNet, encoded_views, learnt_meaning_of_kinds, said_by
from training.measuring import FIRST_WRITERS_BELOW, GROUPS, QUARTERS, group_of
from training.texts import FOLDER, UNLEARNT

OFFICIAL: Final = "official"
KEPT: Final = "held_out"
OFFICIAL_LANGUAGES: Final = ("de", "en", "fr")
COLUMNS: Final = 6
TO_WHOM: Final = ("one", "all")
OR: Final = "|"
"""Stands between the kinds that a text may be, where its writer told fewer kinds apart."""

FOLDS: Final = GROUPS
"""Stretches into which the first writers' texts are cut, each held out with a group of later writers."""

FLAGGED: Final[Mapping[str, tuple[str, ...]]] = {
    "admits": TELL_OF_AN_OUTAGE,
    "promise": TELL_OF_AN_OUTAGE,
    "denies": ("deny",),
    "all_clear": ("all_clear",),
    "planned": ("planned",),
    "reply": ("help_reply", "apology_other", "chatter"),
    "broadcast": ("chatter", "apology_other"),
    "none": ("chatter", "apology_other"),
}
"""What `official_kind` of the texts about faults may be."""

SIZES: Final = {"pair": 0.4, "word": 0.6, "cue": 1.5, "base": 10.0}
"""How large the values of each kind of feature are taken: the smaller, the more it is penalised."""

FLAGGED_SHARE: Final = 0.5
"""How much a text counts whose flags are coarse."""

KNOWN_SHARE: Final = 0.8
"""Of replies, for so many the platform is taken to say that they are: each is learnt as both, with these shares."""

SMALL_CNAT: Final = 4
"""A feature whose weights are all smaller is left out."""

TEXTS_MIN: Final = 2
DOES: Final[Mapping[str, str]] = {
    **dict.fromkeys(TELL_OF_AN_OUTAGE, "outage"),
    **dict.fromkeys(("help_reply", "apology_other", "chatter"), "nothing"),
}
"""Kinds after which the same is done; all others stand for themselves."""


class OfficialText(NamedTuple):
    """A text, and what it may be.

    Attributes:
        language: Its language.
        kinds: Kinds that it may be; mostly one for a text that was written for this question.
        fold: The group of its writer, or of a first writer the stretch of its kind and file in which it stands.
        end: The promised end as written; '' for none.
        service: What fails; `-` for none.
        text: As posted.
        to_one: It answers one customer.
    """

    language: str
    kinds: tuple[str, ...]
    fold: int
    end: str
    service: str
    text: str
    to_one: bool = False

    @property
    def is_own(self) -> bool:
        """It was written for this question."""
        return bool(self.service)


class OfficialFit(NamedTuple):
    """What was learnt: for each column, a language or `ALL` and a feature, its weights by kind in nats."""

    weights: Mapping[tuple[str, str], Floats]


def read_official_texts(folder: Path = FOLDER) -> list[OfficialText]:
    """Read the texts written for this question, and those about faults that are flagged as official.

    Raises:
        ConfigError: Names the line that has another number of columns, or an unknown kind.
    """
    return [text for code in OFFICIAL_LANGUAGES for text in (*_own(code, folder / OFFICIAL), *_flagged(code, folder))]


def read_kept_posts(folder: Path = FOLDER) -> list[OfficialText]:
    """Read the posts that are kept to measure, of which weights learn nothing."""
    return [text for code in OFFICIAL_LANGUAGES for text in _posts(code, folder / OFFICIAL / KEPT / f"{code}.tsv")]


def read_unlearnt_posts(folder: Path = FOLDER) -> list[OfficialText]:
    """Read the posts of which the shipped weights have learnt nothing."""
    return [text for code in OFFICIAL_LANGUAGES for text in _own(code, folder / OFFICIAL / UNLEARNT)]


def _own(code: str, folder: Path) -> Iterator[OfficialText]:
    for path in sorted((folder / code).glob("*.tsv")):
        yield from _posts(code, path)


def _posts(code: str, path: Path) -> Iterator[OfficialText]:
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    for number, row in enumerate(rows, 1):
        if len(row) != COLUMNS or not {*row[0].split(OR)} <= {*OFFICIAL_KINDS} or row[1] not in TO_WHOM:
            raise ConfigError(
                f"{path}:{number}: {row!r:.80}: must have {COLUMNS} columns, a kind, {' or '.join(TO_WHOM)}, and others"
            )
    sizes, seen = Counter(row[0] for row in rows), Counter[str]()
    is_later = path.stem.isdigit() and int(path.stem) >= FIRST_WRITERS_BELOW
    for kind, to_whom, end, service, _place, text in rows:
        fold = group_of(int(path.stem)) if is_later else QUARTERS + seen[kind] * FOLDS // sizes[kind]
        yield OfficialText(code, (*kind.split(OR),), fold, end.strip("-"), service, text, to_whom == "one")
        seen[kind] += 1


def _flagged(code: str, folder: Path) -> Iterator[OfficialText]:
    lines = [line for path in sorted((folder / code).glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    marked = [(re.search(r"official_kind=(\w+)", line.split("\t")[5]), line) for line in lines]
    found = [(mark[1], line) for mark, line in marked if mark]
    for number, (flag, line) in enumerate(found):
        fold, text = QUARTERS + number * FOLDS // len(found), line.split("\t")[-1]
        yield OfficialText(code, FLAGGED[flag], fold, "", "", text, flag == "reply")


def official_features(texts: Sequence[OfficialText], rules: TextRules) -> list[dict[str, float]]:
    """Texts as the features that INGEST will find in them, by the same code."""
    return [_features_of(text, rules) for text in texts]


def _features_of(text: OfficialText, rules: TextRules) -> dict[str, float]:
    folded, _ = rules.read(text.text, text.language)
    ends = rules.ends(text.language)
    promises = ends is not None and ends.promises(text.text)
    words, signs = rules.cues(text.language).features(folded, text.text, promises=promises, answers=False)
    share = share_of(words) / FULL
    return {**dict.fromkeys(sorted(words), share), **dict.fromkeys(sorted(signs), 1.0), "": 1.0}


def in_thread(text: OfficialText, features: Mapping[str, float]) -> Mapping[str, float]:
    """Features of a text where the platform says what it answers."""
    return {**features, ANSWERS: 1.0} if text.to_one else features


def learnt_official(texts: Sequence[OfficialText], features: Sequence[Mapping[str, float]]) -> OfficialFit:
    """Learn weights.

    Args:
        texts: What was written.
        features: Of each, where nothing is known of a thread.
    """
    pairs = list(zip(texts, features, strict=True))
    known = [(text, in_thread(text, found)) for text, found in pairs if text.to_one]
    unknown = [_share(text) * (1.0 - KNOWN_SHARE * text.to_one) for text in texts]
    shares = np.array([*unknown, *(_share(text) * KNOWN_SHARE for text, _ in known)])
    return _learnt([text for text, _ in pairs + known], [found for _, found in pairs + known], shares)


def _may_be(texts: Sequence[OfficialText]) -> Floats:
    return np.array([[float(kind in text.kinds) for kind in OFFICIAL_KINDS] for text in texts])


def _share(text: OfficialText) -> float:
    return 1.0 if text.is_own else FLAGGED_SHARE


def _learnt(texts: Sequence[OfficialText], features: Sequence[Mapping[str, float]], shares: Floats) -> OfficialFit:
    columns = _columns_of(texts, features)
    found = softmax_minimum(_matrix_of(texts, features, columns), _may_be(texts), shares)
    return OfficialFit({key: found[place] * _size(key[1]) for key, place in columns.items()})


def _columns_of(texts: Sequence[OfficialText], features: Sequence[Mapping[str, float]]) -> dict[tuple[str, str], int]:
    counts = Counter(
        (code, name)
        for text, found in zip(texts, features, strict=True)
        for name in found
        for code in _codes(text.language, name)
    )
    return {key: place for place, key in enumerate(sorted(key for key, count in counts.items() if count >= TEXTS_MIN))}


def _codes(language: str, name: str) -> tuple[str, ...]:
    """Columns of a feature: its language's, and one that all share if it means the same in all."""
    return (language, ALL) if name and " " not in name else (language,)


def _matrix_of(
    texts: Sequence[OfficialText], features: Sequence[Mapping[str, float]], columns: Mapping[tuple[str, str], int]
) -> csr_matrix:
    rows, places, values = [], [], []
    for row, (text, found) in enumerate(zip(texts, features, strict=True)):
        for name, value in found.items():
            for code in _codes(text.language, name):
                if (code, name) in columns:
                    rows.append(row)
                    places.append(columns[code, name])
                    values.append(value * _size(name))
    return csr_matrix((values, (rows, places)), shape=(len(texts), len(columns)))


def _size(name: str) -> float:
    if not name:
        return SIZES["base"]
    if name.startswith(CUE):
        return SIZES["cue"]
    return SIZES["pair" if " " in name else "word"]


def official_weights(code: str, found: OfficialFit) -> OfficialWeights:
    """Weights of a language as they are shipped; of `ANY` the cues that all share.

    Args:
        code: A language of the fit, or `ANY`.
        found: What was learnt.
    """
    sums: dict[str, Floats] = {}
    for (column, name), weights in found.weights.items():
        if column in (code, ALL) and (code != ANY or name.startswith(CUE)):
            sums[name] = sums.get(name, np.zeros(len(OFFICIAL_KINDS))) + weights
    bases = [weights for (column, name), weights in found.weights.items() if not name and code in (column, ANY)]
    rounded = {name: _rounded(weights) for name, weights in sums.items() if name}
    return OfficialWeights(
        _rounded(np.mean(bases, axis=0)),
        {name: row for name, row in rounded.items() if max(map(abs, row)) > SMALL_CNAT},
    )


def _rounded(weights: Floats) -> tuple[int, ...]:
    return tuple(bounded(round(float(weight) * CENTINATS)) for weight in weights)


class OfficialFigures(NamedTuple):
    """How right kinds are on texts that the weights have not seen.

    Attributes:
        texts: How many.
        kind: Share whose kind is right.
        kind_in_thread: The same where it is known whether the post answers another.
        acts: Share after which the right thing is done.
        precision: Of "it tells of a present outage".
        recall: Of the same.
    """

    texts: int
    kind: float
    kind_in_thread: float
    acts: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def held_out_kinds(
    texts: Sequence[OfficialText], features: Sequence[Mapping[str, float]], numbers: Floats
) -> list[str]:
    """The kind of every text by weights that have not seen its writer, or its stretch; replies are known.

    Args:
        texts: What was written.
        features: Of each, where nothing is known of a thread.
        numbers: What each means, from `encoded_posts`.
    """
    told = ["" for _ in texts]
    folds = np.array([text.fold for text in texts])
    for fold in np.unique(folds):
        seen = list(compress(texts, folds != fold))
        found = learnt_official(seen, list(compress(features, folds != fold)))
        weights = {code: official_weights(code, found) for code in OFFICIAL_LANGUAGES}
        meant = said_by(meaning_learnt(seen, numbers[folds != fold]), numbers) * CENTINATS
        for place in np.flatnonzero(folds == fold).tolist():
            by_words = _sums_of(weights[texts[place].language], in_thread(texts[place], features[place]))
            told[place] = OFFICIAL_KINDS[int((HALF * by_words + HALF * meant[place]).argmax())]
    return told


def meaning_learnt(texts: Sequence[OfficialText], numbers: Floats) -> PostNet:
    """What sentences say of kinds, learnt.

    Args:
        texts: What was written.
        numbers: What each means.
    """
    return learnt_meaning_of_kinds(numbers, _may_be(texts), np.array([_share(text) for text in texts]))


def encoded_posts(texts: Sequence[OfficialText], rules: TextRules) -> Floats:
    """Posts as numbers of what they mean.

    Args:
        texts: What was written.
        rules: Take handles and links away.
    """
    return encoded_views(tuple(rules.read(text.text, text.language)[0].plain for text in texts))


def _sums_of(weights: OfficialWeights, features: Mapping[str, float]) -> Floats:
    sums = np.array(weights.base, dtype=np.float64)
    for name, value in features.items():
        if name in weights.of:
            sums += value * np.array(weights.of[name])
    return sums


def official_figures(texts: Sequence[OfficialText], told: Sequence[str], language: str) -> OfficialFigures:
    """Figures of the texts of a language that were written for this question.

    Args:
        texts: All of them.
        told: What each was told to be.
        language: Whose texts count.
    """
    pairs = [
        (text.kinds, kind) for text, kind in zip(texts, told, strict=True) if text.language == language and text.is_own
    ]
    flagged = sum(guess in TELL_OF_AN_OUTAGE for _, guess in pairs)
    true = sum(kinds[0] in TELL_OF_AN_OUTAGE for kinds, _ in pairs)
    both = sum(kinds[0] in TELL_OF_AN_OUTAGE and guess in TELL_OF_AN_OUTAGE for kinds, guess in pairs)
    broadcast = {"outage_reply": "outage"}
    same = sum(broadcast.get(guess, guess) in {broadcast.get(kind, kind) for kind in kinds} for kinds, guess in pairs)
    acts = sum(DOES.get(guess, guess) in {DOES.get(kind, kind) for kind in kinds} for kinds, guess in pairs)
    total = max(len(pairs), 1)
    shares = (sum(guess in kinds for kinds, guess in pairs) / total, same / total, acts / total)
    return OfficialFigures(len(pairs), *shares, both / max(flagged, 1), both / max(true, 1))


class EndFigures(NamedTuple):
    """How right promised ends are read of posts that tell of an outage.

    Attributes:
        promised: Posts that promise one.
        right: Of them, those whose words are found.
        none: Posts that promise none.
        false: Of them, those in which one is found.
    """

    promised: int
    right: int
    none: int
    false: int


def ends_of(texts: Sequence[OfficialText], rules: TextRules, language: str) -> EndFigures:
    """Read the ends of those texts of a language that tell of an outage.

    Args:
        texts: All of them.
        rules: Hold the words of time.
        language: Whose texts count.
    """
    reader = rules.ends(language)
    own = [text for text in texts if text.language == language and text.is_own and text.kinds[0] in TELL_OF_AN_OUTAGE]
    found = [reader.read(text.text, 0, "UTC") if reader else None for text in own]
    right = sum(
        bool(text.end) and promise is not None and _meets(text, promise)
        for text, promise in zip(own, found, strict=True)
    )
    false = sum(not text.end and promise is not None for text, promise in zip(own, found, strict=True))
    promised = sum(bool(text.end) for text in own)
    return EndFigures(promised, right, len(own) - promised, false)


def _meets(text: OfficialText, promise: Promise) -> bool:
    """Do the words that were read and those that were marked as the end overlap?"""
    start = text.text.lower().find(text.end.lower())
    return promise.start < start + len(text.end) and promise.stop > start
