"""Masking: what may be shown of a text that somebody wrote.

An example tells a reader what people say, not who they are. So handles, mail
addresses, links and long numbers (of phones, customers, contracts) leave it, in
whatever way they are spaced; times, dates, prices and error codes stay, since
without them a complaint says nothing.

A text is read from left to right for addresses and then for numbers, and each
character is looked at a bounded number of times: the text is a stranger's, and
a pattern that can fail slowly is a way to stop INGEST.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pipeline.records.limits import EXAMPLE_CHARS_MAX

DIGITS_MIN: Final = 7
"""Digits of a number that may lead to a person: the shortest customer numbers in use have so many."""

READ_CHARS_MAX: Final = 4 * EXAMPLE_CHARS_MAX
"""What is read of a text: links and addresses shrink, and more than this fills an example anyway."""

_GONE: Final = "…"
_HANDLE_GONE: Final = "@…"

_NAME_ENDINGS: Final = frozenset(
    "app biz com dev eu gg gl info io link ly net online org page shop site tv uk xyz".split()  # noqa: SIM905 - a list of words
)
"""Endings that make an internet name without "www" or a path: none is a word after a full stop without a space."""

_ALIKE: Final = {"＠": "@", "﹫": "@", "／": "/", "⁄": "/", "∕": "/", "．": ".", "：": ":"}

_ENTITY: Final = re.compile(
    r"&(?:(nbsp|thinsp|ensp|emsp|#160|#xa0|#8201|#x2009|#8239|#x202f)|(commat|#64|#x40)|(sol|#47|#x2f)|(period|#46|#x2e));",
    re.IGNORECASE,
)
_ENTITIES: Final = (" ", "@", "/", ".")

_RUN: Final = re.compile(r"[\w.+@-]+")
"""Letters, digits and the signs that hold addresses together."""

_MAY_HOLD_ADDRESS: Final = re.compile(r"[@/]|\.[^\s.]")
"""What every link, mail address, handle and name of a host has."""

_DIGIT: Final = re.compile(r"\d")

_WORLD_WIDE: Final = re.compile(r"(?<![^\W\d_])www\.", re.IGNORECASE)

_REST: Final = re.compile(r"\S*")

_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:19|20)\d\d"
_NUMBER: Final = re.compile(
    rf"""
    (?P<moment>
        (?<!\d)(?<!\d[.:/]) (?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)? (?![.:/]?\d)  # 9:30, 09:30:15
      | (?<!\d)(?<!\d-) {_YEAR}-(?:0?[1-9]|1[0-2])-{_DAY} (?!-?\d)  # 2025-02-12
      | (?<!\d)(?<!\d-) {_DAY}-{_DAY}-{_YEAR} (?!-?\d)  # 12-02-2025
      | (?<!\d)(?<!\d[./]) {_DAY}(?P<sign>[./])[ ]?{_DAY}(?P=sign)[ ]?{_YEAR} (?!(?P=sign)?\d)  # 12.02.2025
    )
  | \d+
    """,
    re.VERBOSE,
)
"""A time, a date, or digits."""

_ENDS_NUMBER: Final = re.compile(r"[^\W\d_]|[,;!?:]\s|[%€$£°=<>&…]")
"""What between two groups of digits makes them two numbers: a letter, a sign that ends a clause, a unit."""


_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_JOINER: Final = "\u200d"
_STRAY_JOINER: Final = re.compile("(?<![^\x00-\x7f\\w])\u200d++|(?<!\u200d)\u200d++(?![^\x00-\x7f\\w])")
"""A joiner that does not make one picture of two."""


class _VisibleCharacters(dict[int, str]):
    """Takes out characters that are not seen (they would hide an address), and turns look-alikes round."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = "" if unicodedata.category(char) == "Cf" and char != _JOINER else _ALIKE.get(char, char)
        return self[code]


_SEEN: Final = _VisibleCharacters()


@lru_cache(maxsize=1_024)
def masked(text: str) -> str:
    """A text to show: no handles, links, addresses or long numbers, one line, at most 240 characters.

    What is masked once is masked: a second time changes nothing. The last texts are remembered, some 2 MB at most: a
    post that names eight operators is an example of each, and may ride along whole when its batch is closed.

    >>> masked("@netcologne seit 09:30 alles tot!! https://t.example/x")
    '@… seit 09:30 alles tot!! …'
    >>> masked("Rufen Sie 06.12.34.56.78 an, Kd-Nr 1234567, seit 12.02.2025, Fehler 1234, t.me/netz")
    'Rufen Sie … an, Kd-Nr …, seit 12.02.2025, Fehler 1234, …'
    """
    start = text[:READ_CHARS_MAX]
    if len(text) > READ_CHARS_MAX:  # half an address at the end would not be known as one
        start = start.rpartition(" ")[0] or start
    line = _line(start)
    return line if len(line) <= EXAMPLE_CHARS_MAX else _line(line[: EXAMPLE_CHARS_MAX - 1]) + _GONE


def _line(text: str) -> str:
    """One line without addresses and long numbers."""
    if not text.isascii():
        for char in {*_NOT_ASCII.findall(text)}:  # what one becomes is no other of them, so no order counts
            text = text.replace(char, _SEEN[ord(char)])
        if _JOINER in text:
            text = _STRAY_JOINER.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[(found.lastindex or 1) - 1], text)
    line = " ".join(text.split())
    if _MAY_HOLD_ADDRESS.search(line) is None:  # most texts of a day
        return _without_numbers(line)
    line = _without_numbers(_without_addresses(line))
    return _without_addresses(line)  # a number that is gone may have hidden the end of an address


def _without_addresses(line: str) -> str:
    """Take out links, mail addresses and handles."""
    kept: list[str] = []
    done = 0
    for run in _RUN.finditer(line):
        if run.start() < done:
            continue  # part of a link
        said, end = run[0], run.end()
        if "@" not in said and "." not in said and not line.startswith("://", end):
            continue  # most words
        found = _address(said, line, end)
        if found is not None:
            skipped, shown, end = found
            kept += (line[done : run.start() + skipped], shown)
            done = end
    return "".join((*kept, line[done:]))


def _address(run: str, line: str, end: int) -> tuple[int, str, int] | None:
    """Look at a run for an address.

    Args:
        run: Letters, digits and signs of addresses, as many as stand together.
        line: Line in which the address stands.
        end: Where in the line the address ends, in characters.

    Returns:
        How many characters of the run stand before the address, what is shown for it, and where it ends in the
        line; None if there is none.
    """
    core = run.rstrip(".+@-")
    core_end = end - len(run) + len(core)
    if "@" in core:
        return _mail_or_handle(core, line, core_end)
    if line.startswith("://", end):
        return 0, _GONE, _rest(line, end)
    name = core.lstrip(".+-")
    skipped = len(core) - len(name)
    follows = line[core_end : core_end + 1]
    if world_wide := _WORLD_WIDE.search(core):
        return world_wide.start(), _GONE, _rest(line, end)
    if follows == "/" and _is_host(name):
        return skipped, _GONE, _rest(line, end)
    if _is_host(name) and _ending(name) in _NAME_ENDINGS:
        return skipped, _GONE, _rest(line, end) if follows in (":", "?", "#") else core_end
    return None


def _mail_or_handle(core: str, line: str, end: int) -> tuple[int, str, int]:
    """What stands before the first "@" tells a mail address from a handle."""
    if core[: core.index("@")].strip(".+-"):
        return 0, _GONE, _rest(line, end) if line[end : end + 1] == "/" else end
    name = core.lstrip(".+@-")
    return len(core) - len(name) - 1, _HANDLE_GONE, end


def _rest(line: str, start: int) -> int:
    """Where the word ends that goes on at `start`."""
    found = _REST.match(line, start)
    return found.end() if found else start


def _is_host(name: str) -> bool:
    """Is it the name of a host: parts with dots between, the last of letters (digits behind it do not hide it)?"""
    parts = name.split(".")
    ending = _ending(name)
    return len(parts) > 1 and all(parts) and len(ending) > 1 and ending.isalpha()


def _ending(name: str) -> str:
    return name.rpartition(".")[2].rstrip("0123456789").casefold()


def _without_numbers(line: str) -> str:
    """Take out numbers of `DIGITS_MIN` digits and more, however they are spaced."""
    if len(_DIGIT.findall(line)) < DIGITS_MIN:
        return line
    kept: list[str] = []
    done = first = last = digits = 0

    def close() -> None:
        nonlocal done
        if digits >= DIGITS_MIN:
            start = first - 1 if line[first - 1 : first] == "+" else first
            kept.extend((line[done:start], _GONE))
            done = last

    for found in _NUMBER.finditer(line):
        if found["moment"] or _ENDS_NUMBER.search(line, last, found.start()):
            close()
            digits = 0
        if not found["moment"]:
            first = found.start() if digits == 0 else first
            digits += len(found[0])
        last = found.end()
    close()
    return "".join((*kept, line[done:]))
