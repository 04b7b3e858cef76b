"""The example of a settings file: written from the defaults, so that it cannot be out of date.

deploy/tocsin.example.toml is what this writes; a test compares the two.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline.adapters.settings.explained import explanations
from pipeline.adapters.settings.loading import values_of
from pipeline.adapters.settings.sections import DEVELOPMENT_KEY, Settings

_HEAD: Final = """\
# Settings of Tocsin, all of them, with their defaults. Save what you change as tocsin.toml, or name a file with
# --settings or TOCSIN_SETTINGS. The environment is over it: TOCSIN__KAFKA__BOOTSTRAP=kafka:9092; the command line is
# over both: --set kafka.prefix=prod. `tocsin config check` tells all mistakes at once, `config show` all values.
# Written by `tocsin config example`.
"""

_WIDTH: Final = 118


def example() -> str:
    """The text of the example."""
    return _HEAD + "\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    told, above = explanations(Settings()), ""
    for name, value in values_of(Settings()):
        section, _, key = name.rpartition(".")
        if section != above:
            yield ""
            yield from _comment(told[section])
            yield f"[{section}]"
            above = section
        yield from _comment(told[name])
        if name == "privacy.hash_key":
            value = DEVELOPMENT_KEY
        yield f"# {key} = ..." if value is None else f"{key} = {toml_of(value)}"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def toml_of(value: Any) -> str:
    """A value as TOML writes it.

    >>> toml_of((True, 1.5, "ä", {"a": 1}))
    '[true, 1.5, "ä", { a = 1 }]'
    """
    if isinstance(value, Mapping) and not value:
        return "{}"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {toml_of(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, frozenset | set):
        return toml_of(sorted(value))
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)
