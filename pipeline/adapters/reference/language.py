"""The lexicon's files and the weights beside them: what text understanding needs from outside."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import OFFICIAL_KINDS
from pipeline.reference.learnt.alarm_weights import parse_alarm_weights
from pipeline.reference.learnt.corrections import Corrections, corrected, parse_corrections
from pipeline.reference.learnt.label_weights import (
    SERVICES_LEARNT,
    TOPICS_LEARNT,
    LabelWeights,
    parse_label_weights,
)
from pipeline.reference.learnt.meaning_weights import parse_meaning_weights
from pipeline.reference.learnt.mood_weights import MoodWeights, parse_mood_weights
from pipeline.reference.learnt.net_weights import parse_net_weights
from pipeline.reference.learnt.rehearsals import Rehearsals, parse_rehearsals
from pipeline.reference.learnt.weights import ANY, UNTRAINED, parse_weights
from pipeline.reference.official_words import (
    OfficialLexicon,
    OfficialVocabulary,
    parse_official_weights,
    parse_official_words,
)
from pipeline.reference.words import Lexicon, lexicon_of

FAULTS: Final = "weights"
"""Begins the names of files of weights: does a text report a present fault?"""

CLAIMS: Final = "alarm"
"""The same: does it say that help cannot be called?"""


OFFICIAL: Final = "official"
"""The same: what is an operator's own post? And the folder with the words of those posts, a file for each language."""


MOOD: Final = "mood"
"""The same: is it hostile, neutral or favourable? A language without such files has no mood."""

MOOD_POINTS: Final = "mood_points"
"""Beside it: how good or bad each word is by itself."""


TOPICS: Final = "topics"
"""The same: what does it talk of? A language without such a file is read by lists of words."""

SERVICES: Final = "services"
"""The same: which services does it say fail? A language without is read by what its complaints name."""


MEANING: Final = "meaning"
"""Begins the names of files with what whole sentences say of a question, which is the second part of the name."""

CORRECTIONS: Final = "corrections"
"""The same of what an operator's own posts taught, which lie in a folder of their own."""

REHEARSALS: Final = "rehearsals"
"""The same of the project's own texts that are learnt between an operator's posts; a language may have none."""


def read_lexicon(folder: Path, learnt: Path | None = None) -> Lexicon:
    """Read and compile the lexicon, with its weights.

    Args:
        folder: Where `common.toml` and `channels.toml` are, and a file for each language, named after it: `nl.toml`;
            and `weights.any.tsv`, `alarm.any.tsv` and `official.any.tsv`, with the weights of languages that have
            none of their own.
        learnt: Where `tocsin learn` wrote corrections; None = weights as shipped.

    Raises:
        ConfigError: If a file is missing, is no TOML, has an unknown key, or weights that cannot be read.
    """
    claims = {code: parse_alarm_weights(name, text) for code, name, text in _files(folder, CLAIMS)}
    weights = {code: parse_weights(name, text) for code, name, text in _files(folder, FAULTS)}
    for code, corrections in read_corrections(learnt).items() if learnt else ():
        weights[code] = corrected(weights.get(code, UNTRAINED), corrections)
    official = {code: parse_official_weights(name, text) for code, name, text in _files(folder, OFFICIAL)}
    meant = _meant(folder, OFFICIAL)
    of_kinds = next((parse_meaning_weights(name, text, OFFICIAL_KINDS) for name, text in meant), None)
    words = OfficialLexicon(words=_official_words(folder), weights=official, meaning=of_kinds)
    of_claims = next((parse_net_weights(name, text) for name, text in _meant(folder, CLAIMS)), None)
    found = lexicon_of(_documents(folder), weights, claims, words)
    topics, services = _labels(folder, TOPICS, TOPICS_LEARNT), _labels(folder, SERVICES, SERVICES_LEARNT)
    return replace(found, mood=_mood(folder), claim_meaning=of_claims, topics=topics, services=services)


def _labels(folder: Path, what: str, labels: Sequence[str]) -> dict[str, LabelWeights]:
    paths = sorted(folder.glob(f"{what}.*.tsv"))
    return {code: parse_label_weights(name, text, labels) for code, name, text in _read(paths)}


def _meant(folder: Path, what: str) -> Iterator[tuple[str, str]]:
    """Name and content of the file that says what whole sentences tell of a question, if there is one."""
    path = meaning_file(folder, what)
    for _, name, text in _read([path] if path.is_file() else []):
        yield name, text


def _mood(folder: Path) -> dict[str, MoodWeights]:
    points = {code: (name, text) for code, name, text in _read(sorted(folder.glob(f"{MOOD_POINTS}.*.tsv")))}
    found = {}
    for code, name, text in _read(sorted(folder.glob(f"{MOOD}.*.tsv"))):
        if code not in points:
            path = weights_file(folder, code, MOOD_POINTS)
            raise ConfigError(f"weights {path}: is missing beside {name}; copy the file that comes with the program")
        found[code] = parse_mood_weights(name, text, *points[code])
    return found


def read_words(folder: Path) -> Lexicon:
    """The lexicon without weights, for who trains them."""
    return lexicon_of(_documents(folder), official=OfficialLexicon(words=_official_words(folder)))


def _official_words(folder: Path) -> dict[str, OfficialVocabulary]:
    documents = _documents(folder / OFFICIAL)
    return {code: parse_official_words(code, document) for code, document in documents.items()}


def weights_file(folder: Path, language: str, what: str = FAULTS) -> Path:
    """Where the weights of a language are.

    Args:
        folder: The lexicon's.
        language: Its code, or `ANY`.
        what: `FAULTS`, `CLAIMS` or `OFFICIAL`: which question they answer.
    """
    return folder / f"{what}.{language}.tsv"


def meaning_file(folder: Path, what: str) -> Path:
    """Where that is which whole sentences say of a question, in any language.

    Args:
        folder: The lexicon's.
        what: `CLAIMS` or `OFFICIAL`.
    """
    return folder / f"{MEANING}.{what}.tsv"


def read_corrections(folder: Path) -> dict[str, Corrections]:
    """Read what was learnt, by language; nothing, of a folder without such a file."""
    paths = sorted(folder.glob(f"{CORRECTIONS}.*.tsv"))
    return {code: parse_corrections(name, text) for code, name, text in _read(paths)}


def read_rehearsals(folder: Path) -> dict[str, Rehearsals]:
    """Read the texts that are learnt between an operator's posts, by language.

    Args:
        folder: The lexicon's.
    """
    paths = sorted(folder.glob(f"{REHEARSALS}.*.tsv"))
    return {code: parse_rehearsals(name, text) for code, name, text in _read(paths)}


def _files(folder: Path, what: str) -> Iterator[tuple[str, str, str]]:
    """Language, name and content of each file of weights."""
    return _read(sorted({*folder.glob(f"{what}.*.tsv"), weights_file(folder, ANY, what)}))


def _read(paths: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    for path in paths:
        try:
            yield path.name.split(".")[1], str(path), path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"weights {path}: {error}; copy the file that comes with the program") from error


def _documents(folder: Path) -> dict[str, dict[str, object]]:
    documents = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            documents[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"lexicon {path}: {error}; it must be a readable TOML file") from error
    return documents
