"""`tocsin wording check`: all that is wrong with the files of what people read, each with file and line."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.wording.notices.checking import Jargon, remarks_of
from pipeline.wording.sentences import SENTENCES, Sentences, wording_of

JARGON: Final = "jargon"
_TABLE: Final = re.compile(r"^\[([a-z_]+)\]")


class WordingRemark(NamedTuple):
    """One thing to mend.

    Attributes:
        path: File.
        line: Line of the sentence, from 1; 1 if it is not there.
        words: What is wrong, and what to do.
    """

    path: Path
    line: int
    words: str

    def __str__(self) -> str:
        """As a compiler writes it."""
        return f"{self.path}:{self.line}: {self.words}"


class _JargonFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: list[str] = []
    abbreviations: list[str] = []


def load_jargon(folder: Path, language: str) -> Jargon:
    """Words that a language does not want; none without a file.

    Args:
        folder: The folder of the sentences.
        language: ISO 639 code.

    Raises:
        ConfigError: If the file cannot be read.
    """
    path = folder / JARGON / f"{language}.toml"
    if not path.is_file():
        return Jargon()
    try:
        row = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _JargonFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; must have words and abbreviations, both lists") from None
    return Jargon(words=tuple(row.words), abbreviations=tuple(row.abbreviations))


def check_wording(folder: Path) -> list[WordingRemark]:
    """All remarks about a folder of sentences, by file and line.

    Args:
        folder: Where `en.toml` and others are.

    Raises:
        ConfigError: If there are no files, or a list of jargon cannot be read.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise ConfigError(f"{folder}: holds no <language>.toml; set reference.folder to one that has wording/en.toml")
    return sorted(remark for path in paths for remark in _remarks(path))


def _remarks(path: Path) -> Iterator[WordingRemark]:
    try:
        text = path.read_text("utf-8")
        document: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        yield WordingRemark(path, int(found[1]) if found else 1, f"{error}; must be a readable TOML file")
        return
    lines = dict(_lines_of(text))
    try:
        wording = wording_of({path.name: document})
    except ConfigError as error:
        for problem in str(error).splitlines():
            words = problem.partition(f"{path.name}: ")[2] or problem
            key = words.partition(": ")[0]
            yield WordingRemark(path, lines.get(key, lines.get(key.partition(".")[0], 1)), words)
        return
    sentences: Sentences = wording[path.stem]
    for key, words in remarks_of(sentences, list(SENTENCES), load_jargon(path.parent, path.stem)):
        yield WordingRemark(path, lines.get(key, 1), f"{key}: {words}")


def _lines_of(text: str) -> Iterator[tuple[str, int]]:
    """Key of each sentence, and of each table, with its line."""
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if (heading := _TABLE.match(line)) is not None:
            table = heading[1]
            yield table, number
        elif "=" in line and not line.startswith("#"):
            yield f"{table}.{line.partition('=')[0].strip()}", number
