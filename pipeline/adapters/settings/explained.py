"""What each setting means, out of the docstring of the class that holds it.

A sentence that stands in two places is out of date in one of them. So the
example file says of a setting what the `Attributes:` of its class say.
"""

import dataclasses
import inspect
from typing import Any

from pydantic import BaseModel


def heading_of(kind: type) -> str:
    """First paragraph of a class's docstring, in one line."""
    text = inspect.getdoc(kind) or ""
    return " ".join(text.partition("\n\n")[0].split())


def explanations_of(kind: type) -> dict[str, str]:
    """Name of each attribute that a docstring explains, and the explanation in one line.

    >>> class Door:
    ...     '''A door.
    ...
    ...     Attributes:
    ...         width_cm: It is so many centimetres
    ...             wide.
    ...         colour: Any.
    ...     '''
    >>> explanations_of(Door)
    {'width_cm': 'It is so many centimetres wide.', 'colour': 'Any.'}
    """
    _, _, text = (inspect.getdoc(kind) or "").partition("\nAttributes:\n")
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line and not line.startswith("    "):
            break  # another section begins
        if line.startswith("        "):
            found[name] += " " + line.strip()
        elif line.strip():
            name, _, said = line.strip().partition(": ")
            found[name] = said
    return found


def explanations(section: Any, above: str = "") -> dict[str, str]:
    """Dotted name of each setting, and of each section, to what it means.

    Args:
        section: Settings, or a section of them.
        above: Dotted name of the section, with a dot at its end; empty for all settings.
    """
    kind = type(section)
    told = explanations_of(kind)
    found = {above.removesuffix("."): heading_of(kind)} if above else {}
    for name in _names(section):
        value = getattr(section, name)
        if isinstance(value, BaseModel) or dataclasses.is_dataclass(value):
            found |= explanations(value, f"{above}{name}.")
        else:
            found[above + name] = told.get(name, "")
    return found


def _names(section: Any) -> list[str]:
    if isinstance(section, BaseModel):
        return list(type(section).model_fields)
    return [field.name for field in dataclasses.fields(section)]
