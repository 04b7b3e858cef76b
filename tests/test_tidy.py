"""House rules, enforced by an ordinary test: what a reader may rely on without looking."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.adapters.observing.observer import FACTS

ROOT = Path(__file__).parents[1]
CODE = sorted(p for folder in ("pipeline", "tests", "benchmarks", "examples") for p in (ROOT / folder).rglob("*.py"))
LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def names_of(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", CODE, ids=names_of(CODE))
def test_a_file_is_one_idea_and_says_which(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LINES_MAX, f"over {LINES_MAX} lines: which second idea can move out?"
    tree = ast.parse(text)
    assert not tree.body or ast.get_docstring(tree), (
        "begin with a docstring: the idea, then what a reader would question"
    )
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"


def test_no_stray_folder_beside_the_stages() -> None:
    known = {
        "records",
        "reference",
        "wording",
        "ingest",
        "detect",
        "correlate",
        "respond",
        "simulate",
        "evaluate",
        "views",
    }
    known |= {"stories", "adapters"}
    folders = {path.name for path in (ROOT / "pipeline").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= known


def test_the_repo_holds_no_generated_files() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    for pattern in (".venv", ".build", "__pycache__/"):
        assert pattern in ignored


PURE = (
    "records",
    "reference",
    "wording",
    "ingest",
    "detect",
    "correlate",
    "respond",
    "simulate",
    "evaluate",
    "views",
    "stories",
)
PROGRAM = sorted((ROOT / "pipeline").rglob("*.py"))
FILES_A_ROOM_MAX = 12
ROOM_SHARE_MAX = 0.2
COLOURLESS = frozenset({"one", "it", "some", "each"})
EXPLAINED_FROM = 3
"""Parameters; a method of an observer is explained once, by `Observer`."""

CLASSES_STILL_SHARED: frozenset[str] = frozenset({"Reader", "Reading"})
"""Names that two classes of the pure rooms still share; strike a name here when one of them is renamed."""

LOOPS_STILL_COLOURLESS: frozenset[str] = frozenset()
ARGUMENTS_STILL_UNSAID: frozenset[str] = frozenset({"correlate", "ingest", "ingest/text"})
"""Rooms whose owners have not come to it yet; strike a room when it keeps the rule, and add none."""


def room_of(path: Path) -> str:
    """The room of a file: its folder below `pipeline/`, or the file itself at the root."""
    return "/".join(path.relative_to(ROOT / "pipeline").parts[:-1]) or path.name


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_a_room_can_be_overlooked() -> None:
    files, lines = Counter[str](), Counter[str]()
    for path in PROGRAM:
        files[room_of(path)] += path.name != "__init__.py"
        lines[room_of(path)] += len(path.read_text("utf-8").splitlines())
    full = {room: count for room, count in files.items() if count > FILES_A_ROOM_MAX}
    assert not full, f"more than {FILES_A_ROOM_MAX} files: which belong together in a room of their own?"
    large = {room: count for room, count in lines.items() if count > ROOM_SHARE_MAX * lines.total()}
    assert not large, f"more than {ROOM_SHARE_MAX:.0%} of all lines"


def test_one_word_is_one_thing() -> None:
    classes: dict[str, list[str]] = {}
    for path in PROGRAM:
        if room_of(path).partition("/")[0] in PURE:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    classes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    shared = {name: where for name, where in classes.items() if len(where) > 1}
    fresh = {name: where for name, where in shared.items() if name not in CLASSES_STILL_SHARED}
    assert not fresh, f"two things, one word: name them apart: {fresh}"


def bound_in(node: ast.AST) -> Iterator[str]:
    """Names that a loop, a comprehension, a `:=` or a lambda binds."""
    if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension, ast.NamedExpr)):
        yield from (name.id for name in ast.walk(node.target) if isinstance(name, ast.Name))
    elif isinstance(node, ast.Lambda):
        yield from (parameter.arg for parameter in node.args.args)


def rooms_with(found: Callable[[ast.Module], Iterable[str]]) -> dict[str, list[str]]:
    """What is found in the program, by room."""
    rooms: dict[str, list[str]] = {}
    for path in PROGRAM:
        for what in found(tree_of(path)):
            rooms.setdefault(room_of(path), []).append(f"{path.relative_to(ROOT)}: {what}")
    return rooms


def colourless_loops(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if COLOURLESS & set(bound_in(node)):
            yield ast.unparse(node)[:80]


def test_loops_bind_nouns() -> None:
    rooms = rooms_with(colourless_loops)
    fresh = {room: found for room, found in rooms.items() if room not in LOOPS_STILL_COLOURLESS}
    assert not fresh, f"say what is looped over: for anomaly in anomalies: {fresh}"


@cache
def options() -> frozenset[str]:
    """Names of types that carry an option of the command line with its help."""
    nodes = [node for path in (ROOT / "pipeline" / "adapters" / "cli").rglob("*.py") for node in tree_of(path).body]
    made = [node for node in nodes if isinstance(node, ast.Assign) and "typer." in ast.unparse(node.value)]
    return frozenset(target.id for node in made for target in node.targets if isinstance(target, ast.Name))


def has_help(parameter: ast.arg) -> bool:
    """Is it an option of the command line, which `--help` explains?"""
    said = "" if parameter.annotation is None else ast.unparse(parameter.annotation)
    return "typer." in said or said in options()


def unsaid_arguments(tree: ast.Module) -> Iterator[str]:
    """Public functions and methods with so many parameters that a reader needs each explained."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = sum(parameter.arg not in ("self", "cls") and not has_help(parameter) for parameter in given)
            if node.name not in FACTS and count >= EXPLAINED_FROM and "Args:" not in (ast.get_docstring(node) or ""):
                yield f"{node.name}, {count} parameters"


def test_a_function_of_three_parameters_explains_them() -> None:
    rooms = rooms_with(unsaid_arguments)
    fresh = {room: found for room, found in rooms.items() if room not in ARGUMENTS_STILL_UNSAID}
    assert not fresh, f"say what each is, with unit and range, under Args: {fresh}"


LENGTHS_OF_TIME = frozenset({60_000, 3_600_000, 86_400_000})


def lengths_of_time(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value in LENGTHS_OF_TIME:
            yield f"line {node.lineno}: {node.value:_}"


def test_minutes_hours_and_days_have_one_place() -> None:
    elsewhere = {room: found for room, found in rooms_with(lengths_of_time).items() if room != "records"}
    assert not elsewhere, f"import MINUTE_MS, HOUR_MS or DAY_MS from pipeline.records.clocks: {elsewhere}"


def glossary() -> Iterator[tuple[str, str]]:
    """Rows of the glossary: the word as it is written, and what it must never be called."""
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Glossary")[2]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in ("word", "---"):
            yield cells[0], cells[2]


def names_of_classes() -> list[str]:
    pure = [path for path in PROGRAM if room_of(path).partition("/")[0] in PURE]
    return [node.name for path in pure for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]


def test_a_word_of_the_glossary_that_is_a_class_is_one_class() -> None:
    count = Counter(names_of_classes())
    words = [name for word, _ in glossary() for name in re.findall(r"`([A-Z]\w+)`", word)]
    assert len(words) > 10
    wrong = {name: count[name] for name in words if count[name] != 1 and name not in CLASSES_STILL_SHARED}
    assert not wrong, "mend the glossary, or the name"


def test_a_thing_has_no_second_word() -> None:
    banned = {
        word.strip() for _, never in glossary() for word in never.split(",") if re.fullmatch(r"\s*[a-z]+\s*", word)
    }
    assert len(banned) > 10
    parts = {part.lower(): name for name in names_of_classes() for part in re.findall(r"[A-Z][a-z]+", name)}
    assert {name for part, name in parts.items() if part in banned} == set(), "the glossary has a word for it"
