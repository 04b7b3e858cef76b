"""The lexicon's files: what text understanding needs from outside."""

import tomllib
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.reference.words import LANGUAGES, Lexicon, lexicon_of

LEXICON_FILES = (*LANGUAGES, "common", "channels")


def read_lexicon(folder: Path) -> Lexicon:
    """Read and compile the lexicon.

    Args:
        folder: Where `de.toml`, `en.toml`, `fr.toml`, `common.toml` and `channels.toml` are.

    Raises:
        ConfigError: If a file is missing, is no TOML, or has an unknown key.
    """
    documents = {}
    for name in LEXICON_FILES:
        path = folder / f"{name}.toml"
        try:
            documents[name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"lexicon {path}: {error}; it must be a readable TOML file") from error
    return lexicon_of(documents)
