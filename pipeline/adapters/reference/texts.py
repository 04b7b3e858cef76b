"""The rules that read texts, compiled from the reference, and kept on disk once they are.

Compiling takes seconds, and a command that reads a text waits for it; reading what was
compiled takes a fraction of a second. What is kept is named after all that it is made
of: our code, the files of the reference, the libraries and the Python that compiled it.
"""

import hashlib
import platform
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.codecs.keeping import Kept
from pipeline.adapters.encoder import read_encoder
from pipeline.adapters.reference.folder import digest
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.shipped import CODE
from pipeline.compiled import is_loaded
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.operators import Operators
from pipeline.reference.places import Places
from pipeline.reference.words import Lexicon

_COMPILERS: Final = ("ingest/text", "reference", "adapters/reference", "records")
"""Folders whose code decides what comes out of compiling."""


class TextSources(NamedTuple):
    """What the rules are compiled from.

    Attributes:
        reference: Folder of the reference files.
        operators: Read already.
        places: Reads the gazetteer, if it must be compiled.
        learnt: Folder of what the operator's posts taught; None = nothing.
    """

    reference: Path
    operators: Operators
    places: Callable[[], Places]
    learnt: Path | None = None


def kept_for(reference: Path, gazetteer: Path, cache: Path, learnt: Path | None = None) -> Kept:
    """What is kept of a reference: named after it, our code, the libraries and this Python.

    Args:
        reference: Folder of the reference files.
        gazetteer: Folder of the gazetteer.
        cache: Folder of what is kept; one that cannot be used costs time and nothing else.
        learnt: Folder of what the operator's posts taught; None = nothing.
    """
    return Kept(cache, _key_of(reference, gazetteer, *([learnt] if learnt else [])))


def text_rules(sources: TextSources, kept: Kept) -> TextRules:
    """The rules that read texts: kept ones, else compiled and kept.

    Args:
        sources: What they are compiled from.
        kept: Holds what was compiled from the same sources before.

    Raises:
        ConfigError: Lists the mistakes in the lexicon.
    """
    lexicon = cache(lambda: read_lexicon(sources.reference / "lexicon", sources.learnt))
    rules = kept.get("rules", lambda: _compiled(sources, lexicon()))
    return rules.kept_by(lambda language, make: kept.get(f"language-{language}", make), lexicon)


def _compiled(sources: TextSources, lexicon: Lexicon) -> TextRules:
    operators, places = sources.operators, sources.places()
    rules = TextRules.compile(
        lexicon,
        (*places.names(), *places.postcode_names()),
        operators.aliases(),
        markets=operators.markets.values(),
        homes=_homes(operators),
        encoder=read_encoder,
    )
    return rules.without_words()


def _key_of(*folders: Path) -> str:
    total = hashlib.blake2b(digest_size=16)
    for name in _COMPILERS:
        for path in sorted((CODE / name).rglob("*.py")):
            total.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes())
    total.update(digest(*folders).encode())
    made_by = (sys.version, platform.machine(), version("pyahocorasick"), version("msgspec"), is_loaded())
    total.update(repr(made_by).encode())
    return total.hexdigest()


def _homes(operators: Operators) -> dict[str, frozenset[str]]:
    """Regions where those operators have their customers who do not have them in a whole nation."""
    regions = {
        operator.id: frozenset("/".join(area.split("/")[:2]) for area in operator.customers) for operator in operators
    }
    return {operator: known for operator, known in regions.items() if known and all("/" in area for area in known)}
