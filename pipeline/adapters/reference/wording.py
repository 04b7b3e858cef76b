"""The sentences' files: what people read, in each language."""

import tomllib
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.wording.sentences import LANGUAGES, Wording, wording_of


def read_wording(folder: Path) -> Wording:
    """Read and compile the sentences.

    Args:
        folder: Where `fr.toml`, `en.toml`, `de.toml` and those of further languages are.

    Raises:
        ConfigError: If a file is missing or no TOML, or lists every mistake in the sentences.
    """
    documents, problems = {}, []
    named = {path.stem for path in folder.glob("*.toml")}
    for language in (*LANGUAGES, *sorted(named - set(LANGUAGES))):
        path = folder / f"{language}.toml"
        try:
            documents[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            problems.append(f"{path}: {error}; must be a readable TOML file, such as deploy/reference/wording has")
    if problems:
        raise ConfigError("\n".join(problems))
    return wording_of(documents)
