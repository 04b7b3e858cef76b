"""Dashboards against the types that Grafana publishes: no field misspelt, none missing, no word that it does not know.

`pages.ts` says what is checked; Grafana's own program is in no package registry.
"""

import json
from pathlib import Path
from typing import Final

import pytest

from tests import npm
from tools.dashboards import DASHBOARDS, page_of

HERE: Final = Path(__file__).parent
COMPILER: Final = HERE / "node_modules/typescript/bin/tsc"
STRICT: Final = (*("--noEmit", "--strict", "--skipLibCheck", "--types", ""), "--module", "nodenext")
PAGES: Final = f"[{','.join(page_of(dashboard) for dashboard in DASHBOARDS)}]"


@pytest.fixture(scope="session")
def types() -> None:
    """The types and a compiler, installed as the lock file says."""
    npm.install(HERE)


def objection(pages: str, folder: Path) -> str:
    """What the compiler says against pages; empty if it is content."""
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    (folder / "pages.ts").write_text((HERE / "pages.ts").read_text("utf-8").replace("PAGES;", f"{pages};"), "utf-8")
    done = npm.node(folder, COMPILER, *STRICT, "pages.ts")
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_grafana_knows_all_that_the_dashboards_say(types: None, tmp_path: Path) -> None:  # noqa: ARG001 - installed first
    assert not objection(PAGES, tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param('"schemaVersion"', '"schemaVersoin"', id="a_field_of_the_page"),
        pytest.param('"includeVars": true,', "", id="a_field_that_is_missing"),
        pytest.param('"type": "stat"', '"type": "statt"', id="a_kind_of_panel"),
        pytest.param('"showLegend"', '"showLegends"', id="an_option_of_a_panel"),
        pytest.param('"type": "datasource"', '"type": "datasauce"', id="a_kind_of_variable"),
    ],
)
def test_a_mistake_is_found(right: str, wrong: str, types: None, tmp_path: Path) -> None:  # noqa: ARG001 - installed first
    assert json.loads(PAGES)
    assert right in PAGES
    assert "error TS" in objection(PAGES.replace(right, wrong), tmp_path)
