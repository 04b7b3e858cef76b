"""Which regular expressions are linear by construction: read from how they are built, not from how long they take.

Python's engine goes back when a repeat was too greedy. That costs more than
linear time if an unbounded repeat may end in several places (what follows it
also fits into it), or if a search enters one long run at each of its
characters and fails at its end. A pattern without either is linear, and a
reader can see why; a busy machine changes nothing.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the only place where the parts of a pattern have names
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple, TypeGuard

BOUND = 100
"""A repeat of at most so many is a constant."""

LETTERS = frozenset([*map(chr, range(128)), *"äéßπЖ中９²…–\u00a0\u2009🤷"])
"""Characters by which sets are told apart."""

ANCHORED = frozenset({"match", "fullmatch"})
REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})

CODE = "code: "
"""Stands before a pattern that is put together at run time."""

LATE = "LatePattern"
"""What is called with a pattern that is compiled when it is first asked."""

Parts = Sequence[tuple[Any, Any]]


class Pattern(NamedTuple):
    """A pattern in our code: where it is, how it is written, and whether it is only ever tried at one place."""

    place: str
    text: str
    flags: int
    anchored: bool


class First(NamedTuple):
    """What a sequence may begin with, and whether it may be empty."""

    letters: frozenset[str]
    empty: bool


def _single(kind: Any, value: Any) -> frozenset[str] | None:
    """The letters of a part that takes one character; None for other parts."""
    if kind == op.LITERAL:
        return LETTERS & {chr(value)}
    if kind == op.NOT_LITERAL:
        return LETTERS - {chr(value)}
    if kind == op.ANY:
        return LETTERS
    return _in_set(value) if kind == op.IN else None


def _in_set(items: Parts) -> frozenset[str]:
    """The letters of a set in brackets."""
    taken: set[str] = set()
    for item, detail in items:
        if item == op.LITERAL:
            taken.add(chr(detail))
        elif item == op.RANGE:
            taken.update(letter for letter in LETTERS if detail[0] <= ord(letter) <= detail[1])
        elif item == op.CATEGORY:
            taken.update(letter for letter in LETTERS if _CATEGORIES[detail].match(letter))
    return LETTERS - taken if items[0][0] == op.NEGATE else LETTERS & taken


_CATEGORIES = {
    op.CATEGORY_DIGIT: re.compile(r"\d"),
    op.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    op.CATEGORY_SPACE: re.compile(r"\s"),
    op.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    op.CATEGORY_WORD: re.compile(r"\w"),
    op.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


def _first_of(kind: Any, value: Any) -> First:
    single = _single(kind, value)
    if single is not None:
        return First(single, empty=False)
    if kind == op.SUBPATTERN:
        return first(value[3])
    if kind == op.ATOMIC_GROUP:
        return first(value)
    if kind == op.BRANCH:
        ways = [first(way) for way in value[1]]
        return First(frozenset().union(*(way.letters for way in ways)), any(way.empty for way in ways))
    if kind in REPEATS:
        body = first(value[2])
        return First(body.letters, body.empty or value[0] == 0)
    return First(LETTERS if kind in (op.GROUPREF, op.GROUPREF_EXISTS) else frozenset(), empty=True)


def first(parts: Parts) -> First:
    """What a sequence of parts may begin with."""
    letters: frozenset[str] = frozenset()
    for kind, value in parts:
        found = _first_of(kind, value)
        letters |= found.letters
        if not found.empty:
            return First(letters, empty=False)
    return First(letters, empty=True)


def _can_fail(parts: Parts) -> bool:
    return not first(parts).empty or any(kind in (op.AT, op.ASSERT, op.ASSERT_NOT) for kind, _ in parts)


def faults(pattern: Pattern) -> list[str]:
    """Why a pattern is not linear by construction; empty if it is."""
    parsed = _parser.parse(pattern.text, pattern.flags)
    return list(_faults(list(parsed), [], [], anchored=pattern.anchored))


def _faults(parts: Parts, before: Parts, after: Parts, *, anchored: bool) -> Iterator[str]:
    for place, (kind, value) in enumerate(parts):
        so_far, rest = [*before, *parts[:place]], [*parts[place + 1 :], *after]
        if kind == op.SUBPATTERN:
            yield from _faults(list(value[3]), so_far, rest, anchored=anchored)
        elif kind == op.BRANCH:
            for way in value[1]:
                yield from _faults(list(way), so_far, rest, anchored=anchored)
        elif kind in REPEATS:
            if value[1] >= BOUND:
                yield from _run_faults(kind, list(value[2]), so_far, rest, anchored=anchored)
            again = [*value[2], *rest] if value[1] > 1 else rest
            yield from _faults(list(value[2]), so_far, again, anchored=anchored)


def _run_faults(kind: Any, body: Parts, before: Parts, rest: Parts, *, anchored: bool) -> Iterator[str]:
    run, follows = first(body).letters, first(rest).letters
    if kind != op.POSSESSIVE_REPEAT and run & follows and _can_fail(rest):
        yield f"what follows a repeat may be part of it: {''.join(sorted(run & follows))!r}"
    if not anchored and _can_fail(rest) and not _guarded(before, run):
        yield "a search enters the run at each of its characters and may fail at its end"


def _guarded(before: Parts, run: frozenset[str]) -> bool:
    """Can a run be entered at its first character only: what must stand before it is no part of it?"""
    for kind, value in reversed(before):
        if kind == op.AT and value == op.AT_BEGINNING_STRING:
            return True
        if kind == op.AT and value == op.AT_BEGINNING:
            return True
        if kind == op.ASSERT_NOT and value[0] == -1:
            return run <= first(value[1]).letters
        found = _first_of(kind, value)
        if not found.empty:
            return not found.letters & run
        if found.letters & run:
            return False
    return False


_CALLS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


def patterns_of(path: Path, root: Path) -> Iterator[Pattern]:
    """Every regular expression of a file; one that is put together at run time has the text of its code."""
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        place = f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.keyword) and node.arg == "pattern" and isinstance(node.value, ast.Constant):
            text = str(node.value.value)
            yield Pattern(f"{path.relative_to(root)}:{node.value.lineno}", text, 0, anchored=text.startswith("^"))
        if _is_regular(node):
            given = node.args[0]
            written = str(given.value) if isinstance(given, ast.Constant) else f"{CODE}{ast.unparse(given)}"
            flags = re.VERBOSE if "VERBOSE" in ast.unparse(node) else 0
            yield Pattern(place, written, flags, anchored=_uses(node, source) <= ANCHORED)


def _is_regular(node: ast.AST) -> TypeGuard[ast.Call]:
    """Is it a call of the module of regular expressions with a pattern?"""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == LATE
    return isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _CALLS


def _uses(call: ast.Call, source: str) -> set[str]:
    """How a pattern is tried: by the call itself, or by what the file does with the name that it gets."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else "compile"
    if method != "compile":
        return {method}
    line = source.splitlines()[call.lineno - 1]
    name = re.match(r"\w+", line)
    direct = re.search(r"\)\.(\w+)$", line)
    if direct:
        return {direct[1]}
    return set(re.findall(rf"\b{name[0]}\.(\w+)", source)) if name else {"search"}
