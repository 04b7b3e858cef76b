"""The lexicon's files and the weights beside them: what text understanding needs from outside."""

import tomllib
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.reference.weights import ANY, Weights, parse_weights
from pipeline.reference.words import Lexicon, lexicon_of


def read_lexicon(folder: Path) -> Lexicon:
    """Read and compile the lexicon, with its weights.

    Args:
        folder: Where `common.toml` and `channels.toml` are, and a file for each language, named after it: `nl.toml`;
            and `weights.any.tsv`, with the weights of languages that have no `weights.LANGUAGE.tsv` of their own.

    Raises:
        ConfigError: If a file is missing, is no TOML, has an unknown key, or weights that cannot be read.
    """
    return lexicon_of(_documents(folder), _weights(folder))


def read_words(folder: Path) -> Lexicon:
    """The lexicon without weights, for who trains them."""
    return lexicon_of(_documents(folder))


def weights_file(folder: Path, language: str) -> Path:
    """Where the weights of a language are."""
    return folder / f"weights.{language}.tsv"


def _weights(folder: Path) -> dict[str, Weights]:
    found = {}
    for path in sorted({*folder.glob("weights.*.tsv"), weights_file(folder, ANY)}):
        try:
            found[path.name.split(".")[1]] = parse_weights(str(path), path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"weights {path}: {error}; copy the file that comes with the program") from error
    return found


def _documents(folder: Path) -> dict[str, dict[str, object]]:
    documents = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            documents[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"lexicon {path}: {error}; it must be a readable TOML file") from error
    return documents
