"""The sentences' files: what people read, in each language."""

import tomllib
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.wording.sentences import Wording, wording_of


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
