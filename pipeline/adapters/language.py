"""Language of a text, and the lexicon's files: what text understanding needs from outside.

py3langid reads its model when it is imported, so the import is here and not in
the rules. Limited to our languages it was the best and smallest of four
detectors on short posts. It is asked only when the platform does not tell.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

from pipeline.records.errors import ConfigError
from pipeline.reference.words import LANGUAGES, Lexicon, lexicon_of

LEXICON_FILES = (*LANGUAGES, "common", "channels")


def identifier() -> Callable[[str], str]:
    """Load the model (about 0.1 s, 5 MB) and return the function that names a text's language.

    Returns:
        Text in; "fr", "en" or "de" out.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(sorted(LANGUAGES))

    def identify(text: str) -> str:
        return str(model.classify(text)[0])

    return identify


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
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"lexicon {path}: {error}; it must be a readable TOML file") from error
    return lexicon_of(documents)
