"""The lexicon's files: what text understanding needs from outside."""

import tomllib
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.reference.words import Lexicon, lexicon_of


def read_lexicon(folder: Path) -> Lexicon:
    """Read and compile the lexicon.

    Args:
        folder: Where `common.toml` and `channels.toml` are, and a file for each language, named after it: `nl.toml`.

    Raises:
        ConfigError: If a file is missing, is no TOML, or has an unknown key.
    """
    documents = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            documents[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"lexicon {path}: {error}; it must be a readable TOML file") from error
    return lexicon_of(documents)
