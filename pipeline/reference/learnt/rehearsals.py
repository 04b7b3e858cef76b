"""Rehearsals: texts of the project that are learnt again between an operator's posts, lest they be forgotten.

A file holds one language: how likely each text is a fault by weights that had not seen its writer, whether it is one,
and its signs. `python -m training` makes it beside the weights; `tocsin learn` reads it, INGEST does not.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import FORMAT, is_whole

REHEARSALS_MAX: Final = 10_000
"""More texts in one file are a mistake."""

_HEAD: Final = ("format", "weights")


class Rehearsal(NamedTuple):
    """One text.

    Attributes:
        permille: Its probability by weights that had not seen its writer, alone, at the odds of everyday posts.
        is_fault: Whether it reports a present fault.
        signs: Names of its signs, each once, sorted.
    """

    permille: int
    is_fault: bool
    signs: tuple[str, ...]


class Rehearsals(NamedTuple):
    """Texts of one language, in the order in which they are learnt.

    Attributes:
        weights: Beside which weights they were made, by fingerprint.
        texts: Some of them faults.
    """

    weights: int
    texts: tuple[Rehearsal, ...]


def rehearsals_written(rehearsals: Rehearsals) -> str:
    """The content of the file that `parse_rehearsals` reads: a text a line."""
    numbers = (FORMAT, rehearsals.weights)
    heads = (f"# {name} {number}" for name, number in zip(_HEAD, numbers, strict=True))
    lines = (f"{text.permille}\t{int(text.is_fault)}\t{' '.join(text.signs)}" for text in rehearsals.texts)
    return "\n".join([*heads, *lines, ""])


def parse_rehearsals(name: str, text: str) -> Rehearsals:
    """Read a file of rehearsals.

    Args:
        name: Name of the file, for messages.
        text: Its content.

    Raises:
        ConfigError: If it is no such file, has another format, or a line that cannot be read.
    """
    lines = text.removesuffix("\n").split("\n")
    head = [line.split(" ") for line in lines[: len(_HEAD)]]
    if [words[1:2] for words in head] != [[field] for field in _HEAD] or not all(is_whole(words[-1]) for words in head):
        raise ConfigError(f"rehearsals {name}: must begin with '# format {FORMAT}' and '# weights NUMBER'")
    if int(head[0][-1]) != FORMAT or len(lines) > REHEARSALS_MAX:
        raise ConfigError(f"rehearsals {name}: must have format {FORMAT} and at most {REHEARSALS_MAX} texts")
    return Rehearsals(int(head[1][-1]), tuple(_texts(name, lines[len(_HEAD) :])))


def _texts(name: str, lines: list[str]) -> Iterator[Rehearsal]:
    for number, line in enumerate(lines, len(_HEAD) + 1):
        columns = line.split("\t")
        if len(columns) != 3 or not is_whole(columns[0]) or not 0 <= int(columns[0]) <= 999 or columns[1] not in "01":
            raise ConfigError(f"rehearsals {name}, line {number}: {line[:80]!r}: must be permille, 1 or 0, and signs")
        yield Rehearsal(int(columns[0]), columns[1] == "1", tuple(columns[2].split()))
