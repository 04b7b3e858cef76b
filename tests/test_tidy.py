"""House rules, enforced by an ordinary test: what a reader may rely on without looking."""

import ast
from pathlib import Path

import pytest

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
