"""House rules, enforced by an ordinary test: what a reader may rely on without looking."""

import ast
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.adapters.observing.observer import FACTS
from tests.mutants.fears import FEARS, MAP_FEARS, Fear
from tests.mutants.fears_of_backups import FEARS_OF_BACKUPS

ROOT = Path(__file__).parents[1]
CODE = sorted(
    [
        ROOT / "conftest.py",
        *(
            p
            for name in ("pipeline", "tests", "benchmarks", "examples", "training")
            for p in (ROOT / name).rglob("*.py")
        ),
    ]
)
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
    folders = {path.name for path in (ROOT / "pipeline").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders <= known


def test_the_repo_holds_no_generated_files() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    for pattern in (".venv", ".build", "__pycache__/", "/pipeline/_core/"):
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


def room_of(path: Path) -> str:
    """The room of a file: its folder below `pipeline/`, or the file itself at the root."""
    return "/".join(path.relative_to(ROOT / "pipeline").parts[:-1]) or path.name


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_the_layers_of_the_architecture_are_those_that_the_linter_holds() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    drawn = text[text.index("    __main__  >") : text.index("Imports point to the right only")].replace("\n", " ")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["name"] == "Imports point one way"]
    assert [" ".join(layer.split()) for layer in drawn.split(">")] == layers


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
                if isinstance(node, ast.ClassDef):
                    classes.setdefault(node.name.lstrip("_"), []).append(str(path.relative_to(ROOT)))
    shared = {name: where for name, where in classes.items() if len(where) > 1}
    assert not shared, f"two things, one word: name them apart: {shared}"


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
    assert not rooms, f"say what is looped over: for anomaly in anomalies: {rooms}"


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
    assert not rooms, f"say what each is, with unit and range, under Args: {rooms}"


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
    wrong = {name: count[name] for name in words if count[name] != 1}
    assert not wrong, "mend the glossary, or the name"


def test_a_thing_has_no_second_word() -> None:
    banned = {
        word.strip() for _, never in glossary() for word in never.split(",") if re.fullmatch(r"\s*[a-z]+\s*", word)
    }
    assert len(banned) > 10
    parts = {part.lower(): name for name in names_of_classes() for part in re.findall(r"[A-Z][a-z]+", name)}
    assert {name for part, name in parts.items() if part in banned} == set(), "the glossary has a word for it"


def test_the_rules_know_exercises_and_no_drill() -> None:
    rules = [path for stage in ("ingest", "correlate", "respond", "wording", "records") for path in _files_of(stage)]
    assert len(rules) > 100
    assert [str(path.relative_to(ROOT)) for path in rules if "drill" in path.read_text("utf-8").casefold()] == []


def _files_of(stage: str) -> list[Path]:
    return sorted((ROOT / "pipeline" / stage).rglob("*.py"))


def said_in(tree: ast.Module) -> Iterator[str]:
    """Docstrings of a file: of modules, classes and functions, and those that stand below a constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def names_used(tree: ast.Module) -> Iterator[str]:
    """Every word that code says: names, attributes, parameters, modules and what stands in strings."""
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if node in said:
            continue
        for field in ("id", "attr", "name", "arg", "asname", "module", "value"):
            word = getattr(node, field, None)
            if isinstance(word, str):
                yield from re.findall(r"\w+", word)


ELSEWHERE = frozenset({"scipy"})
"""Libraries that a docstring compares with, and nobody imports."""


def cited_in(text: str) -> Iterator[str]:
    """Names between backticks that look like names of code: dotted, or in CamelCase."""
    for cited in re.findall(r"`([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?`", text):
        if "." in cited or re.fullmatch(r"_?[A-Z][a-z]+(?:[A-Z][a-z]+)+", cited):
            yield cited


def resolves(dotted: str) -> bool:
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    return True


def test_a_docstring_cites_what_exists() -> None:
    known = {name for path in CODE for name in (path.stem, path.parent.name, *names_used(tree_of(path)))} | ELSEWHERE
    lost = [
        f"{path.relative_to(ROOT)}: {cited}"
        for path in CODE
        for text in said_in(tree_of(path))
        for cited in cited_in(text)
        if (cited.startswith("pipeline.") and not resolves(cited)) or not known.issuperset(cited.split("."))
    ]
    assert not lost, "what is cited was renamed or never was: cite what is there"


PLANS = re.compile(r"\b(?:issues? \d+|(?:later|earlier|next|previous) issue|TODO|FIXME)\b", re.IGNORECASE)


def test_a_docstring_speaks_of_no_plan() -> None:
    texts = [(path, text) for path in CODE for text in said_in(tree_of(path))]
    plans = [f"{path.relative_to(ROOT)}: {found.group()}" for path, text in texts if (found := PLANS.search(text))]
    assert not plans, "a stranger has no list of issues: say the reason itself"


def made_in(tree: ast.Module) -> Iterator[str]:
    """Names that a file makes at its top."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_nobody_keeps_what_nobody_uses() -> None:
    words = {path: Counter(re.findall(r"\w+", path.read_text("utf-8"))) for path in CODE}
    everywhere = sum(words.values(), Counter[str]())
    unused = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in PROGRAM
        for name in made_in(tree_of(path))
        if not name.startswith("__") and (words[path] if name.startswith("_") else everywhere)[name] < 2
    ]
    assert not unused, "a name that stands once is read by nobody: remove it"


@pytest.mark.parametrize("fear", [*FEARS, *FEARS_OF_BACKUPS, *MAP_FEARS], ids=lambda fear: fear.name)
def test_no_mutant_is_stale(fear: Fear) -> None:
    fear.broken((ROOT / fear.file).read_text("utf-8"))


BARE = re.compile(r"^\s+\w+: (?:Of |[Ll]ikewise|(?:Which|Where|Where to|How|When|Whose|Why|What)\.$)", re.MULTILINE)
BARE_STILL: frozenset[str] = frozenset(
    {
        "adapters/kafka",
        "adapters/kafka/rights",
        "detect",
        "detect/detectors",
        "ingest",
    }
)
"""Rooms with entries of a docstring that cannot be read alone; a room that has none left must be struck."""


def bare_entries(tree: ast.Module) -> Iterator[str]:
    for text in said_in(tree):
        yield from (found.group().strip() for found in BARE.finditer(text))


def test_an_entry_of_a_docstring_says_what_it_is_of() -> None:
    rooms = rooms_with(bare_entries)
    fresh = {room: found for room, found in rooms.items() if room not in BARE_STILL}
    assert not fresh, f"not `unit: Of the values` but `unit: Unit of the values`: {fresh}"
    assert not BARE_STILL - set(rooms), "strike the rooms that keep the rule now"


def test_every_decision_has_a_number_of_its_own() -> None:
    text = (ROOT / "DECISIONS.md").read_text("utf-8")
    begun = re.findall(r"(?<=\n\n)\*\*(.+)", text)
    numbers = [int(number) for number in re.findall(r"(?<=\n\n)\*\*(\d+)\. ", text)]
    assert len(numbers) == len(begun), f"without a number: {[line for line in begun if not line[0].isdigit()]}"
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), "a new decision takes the next free number"
