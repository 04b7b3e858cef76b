"""House rules, enforced by an ordinary test: what a reader may rely on without looking."""

import ast
import json
from pathlib import Path

import msgspec
import pytest

from pipeline.flow import RESULTS, TOPICS

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


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_schema_a_record_and_examples(topic: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{topic}.v1.json").read_text("utf-8"))
    assert schema["$schema"].endswith("2020-12/schema")
    for kind in ("accept", "refuse"):
        assert list((ROOT / "schemas" / "examples" / topic / kind).glob("*.json")), f"no example to {kind}"
    record = TOPICS[topic]
    assert record is None or issubclass(record, msgspec.Struct)


def test_results_are_topics_of_the_map() -> None:
    assert set(RESULTS) <= set(TOPICS)


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
