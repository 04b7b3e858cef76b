"""The page: one file that opens from disk, shows all without a script and fetches nothing.

Posts and tickets are written by strangers. So everything is escaped by the
template engine, and a content security policy in the page itself allows one
script only, by its hash: a text that got through would still not run.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.adapters.runs.reading import read_run
from pipeline.records.clocks import MINUTE_MS
from pipeline.views import words
from pipeline.views.cards import CARDS_MAX, card_of, decisions_of
from pipeline.views.panels import HEIGHT, STANDS_OUT, choose
from pipeline.views.questions import QUESTIONS_SHOWN_MAX, questions_of
from pipeline.views.run import Run, limits_of, refusals_in
from pipeline.views.stories import operators_of, other_incidents, stories_of, zone_of
from pipeline.views.timeline import windows_of
from pipeline.views.words import Clock

TEMPLATES: Final = Path(__file__).parent / "templates"
FILE: Final = "report.html"


def build(run_dir: Path) -> Path:
    """Write the report of a run.

    Args:
        run_dir: Folder that `tocsin replay` wrote.

    Returns:
        The file: RUN_DIR/report.html.

    Raises:
        ConfigError: If the folder is not one of a run, or cannot be understood.
    """
    path = run_dir / FILE
    path.write_text(render(read_run(run_dir)), "utf-8")
    return path


def render(run: Run) -> str:
    """The page of a run, as text."""
    limits = limits_of(run)
    stories = stories_of(run, limits)
    clock = Clock(zone_of(run, stories))
    told = [story for story in stories if story.told]
    chosen = choose(run, operators_of(run, told))
    windows = windows_of(run, stories, chosen, limits, clock)
    decisions, omitted = decisions_of(run.decisions, stories, clock)
    script = (TEMPLATES / "report.js").read_text("utf-8")
    template = environment_of(clock, run).get_template("report.html.j2")
    return template.render(
        run=run,
        refusals=refusals_in(run),
        facts=run.facts,
        title=_title(run),
        limits=limits,
        cards=[card_of(run, story, clock) for story in told[:CARDS_MAX]],
        cards_omitted=max(len(told) - CARDS_MAX, 0),
        minor=[story for story in stories if not story.told],
        questions=questions_of(run),
        questions_shown=QUESTIONS_SHOWN_MAX,
        others=other_incidents(stories[1:]),
        windows=windows,
        points={str(window.number): [panel.points for g in window.groups for panel in g.panels] for window in windows},
        decisions=decisions,
        decisions_omitted=omitted,
        undone=sum(row.undone for row in decisions),
        zone=clock.zone,
        height=HEIGHT,
        stands_out=STANDS_OUT,
        style=Markup((TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - ours, from the package
        script=Markup(script),  # noqa: S704 - likewise
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _title(run: Run) -> str:
    if run.truth is not None:
        return run.truth.title
    return Path(run.facts.recording).name.removesuffix(".jsonl.zst") or run.name


def strict_environment() -> Environment:
    """The template engine of all pages: everything is escaped, and what is missing is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def environment_of(clock: Clock, run: Run) -> Environment:
    """The engine for a run's pages: times are in one zone, operators have their names."""
    environment = strict_environment()
    filters: Mapping[str, Any] = {
        "time": clock.time,
        "minute": lambda at: clock.time(at // MINUTE_MS * MINUTE_MS),
        "full": clock.full,
        "day": clock.day,
        "plain": words.plain,
        "share": words.share,
        "interval": words.interval,
        "lasting": words.lasting,
        "counted": words.counted,
        "service": lambda service: words.SERVICES.get(service, words.plain(service)),
        "operator": lambda operator: run.operator_names.get(operator, operator),
    }
    environment.filters.update(filters)
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    environment.globals.update(state_icons=words.STATE_ICONS, severity_icons=words.SEVERITY_ICONS)
    return environment
