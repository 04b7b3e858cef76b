"""The sentences' files: what people read, in each language, and the words by which operators speak themselves."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import CauseKind
from pipeline.respond.official_terms import OfficialTerms, phrases_of
from pipeline.wording.sentences import Wording, wording_of

OFFICIAL: Final = "official"


def read_wording(folder: Path) -> Wording:
    """Read and compile the sentences.

    Args:
        folder: Where a file lies for each language, `<language>.toml`.

    Returns:
        The languages that have a file.

    Raises:
        ConfigError: If there is no file, or one is no TOML, or lists every mistake in the sentences.
    """
    documents, problems = {}, []
    for path in sorted(folder.glob("*.toml")):
        try:
            documents[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            problems.append(f"{path}: {error}; must be a readable TOML file, such as deploy/reference/wording has")
    if problems:
        raise ConfigError("\n".join(problems))
    return wording_of(documents)


class _OfficialFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    no: list[str]
    ruled_out: list[str]
    others: list[str]
    of_else: list[str] = []
    not_ruled_out: list[str] = []
    claims: dict[str, list[str]] = {}
    because: list[str] = []
    left_open: list[str] = []
    causes: dict[CauseKind, list[str]] = {}


def load_official(folder: Path) -> Mapping[str, OfficialTerms]:
    """Words by language; a language without a file denies nothing that we notice.

    Args:
        folder: The folder of the sentences.

    Raises:
        ConfigError: Lists the files that cannot be read.
    """
    terms, problems = {}, []
    for path in sorted((folder / OFFICIAL).glob("*.toml")):
        try:
            row = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _OfficialFile)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            problems.append(f"{path}: {error}; must have the lists that wording/official/en.toml has")
            continue
        terms[path.stem] = _compiled(row)
    if problems:
        raise ConfigError("\n".join(problems))
    return terms


def _compiled(row: _OfficialFile) -> OfficialTerms:
    return OfficialTerms(
        no=phrases_of(row.no),
        ruled_out=phrases_of(row.ruled_out),
        of_else=phrases_of(row.of_else),
        not_ruled_out=phrases_of(row.not_ruled_out),
        others=phrases_of(row.others),
        claims={kind: phrases_of(texts) for kind, texts in row.claims.items()},
        because=phrases_of(row.because),
        left_open=phrases_of(row.left_open),
        causes={kind: phrases_of(texts) for kind, texts in row.causes.items()},
    )
