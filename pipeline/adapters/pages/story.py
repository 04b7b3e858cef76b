"""The page of a story: what happened beside what Tocsin knew, with the report's own pictures.

One file that opens from disk, under the same policy as the report. What the
run could not show stands on the page as plainly as what it could.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from pipeline.adapters.pages.report import TEMPLATES, environment_of
from pipeline.adapters.runs.reading import read_run
from pipeline.stories.clocks import beats_of, lead_sentence
from pipeline.stories.evidence import FoundOutage, StoryEvidence, evidence_of
from pipeline.stories.found import customers
from pipeline.stories.plot import Plot
from pipeline.stories.verdicts import Answer, Asked
from pipeline.views.cards import Card, card_of
from pipeline.views.panels import HEIGHT, STANDS_OUT, Chosen, choose
from pipeline.views.run import refusals_in
from pipeline.views.stories import Story, operators_of, other_incidents
from pipeline.views.timeline import TimelineWindow, windows_of
from pipeline.views.words import counted, lasting, plain

FILE: Final = "story.html"
CURVES_MAX: Final = 3
"""Most curves of each source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sentence and what the run says to it."""

    sentence: str
    verdict: Answer


def judged(evidence: StoryEvidence, asked: Sequence[Asked]) -> tuple[Judged, ...]:
    """Hold a run against what is asked, in the order of asking."""
    return tuple(Judged(sentence=requirement.sentence, verdict=requirement.judge(evidence)) for requirement in asked)


def build_story(run_dir: Path, plot: Plot, then: Sequence[Asked]) -> Path:
    """Write the page of a story.

    Args:
        run_dir: Folder of the run, as `tocsin replay` wrote it.
        plot: What it is about.
        then: What is asked of every story.

    Returns:
        The file: RUN_DIR/story.html.

    Raises:
        ConfigError: If the folder is not one of a run, or cannot be understood.
    """
    path = run_dir / FILE
    path.write_text(render_story(evidence_of(read_run(run_dir)), plot, then), "utf-8")
    return path


def render_story(evidence: StoryEvidence, plot: Plot, then: Sequence[Asked]) -> str:
    """Render the page of a story.

    Args:
        evidence: The run, seen as the story.
        plot: What the story tells.
        then: What is asked of the run.

    Returns:
        HTML, complete in one file.
    """
    run, clock = evidence.run, evidence.clock
    windows = _windows(evidence)
    card = None if evidence.head is None else card_of(run, evidence.head, clock)
    script = (TEMPLATES / "report.js").read_text("utf-8")
    styles = "".join((TEMPLATES / name).read_text("utf-8") for name in ("report.css", "story.css"))
    template = environment_of(clock, run).get_template("story.html.j2")
    values: dict[str, Any] = {
        "plot": plot,
        "evidence": evidence,
        "sentence": lead_sentence(evidence),
        "beats": beats_of(evidence),
        "card": card,
        "tiles": _tiles(evidence, card),
        "own": judged(evidence, plot.asked),
        "then": judged(evidence, then),
        "outages": [_outage(evidence, found) for found in evidence.all_found],
        "others": other_incidents(other for other in evidence.stories if other is not evidence.head),
        "windows": windows,
        "points": {str(w.number): [panel.points for g in w.groups for panel in g.panels] for w in windows},
        "run": run,
        "refusals": refusals_in(run),
        "facts": run.facts,
        "limits": evidence.limits,
        "zone": clock.zone,
        "height": HEIGHT,
        "stands_out": STANDS_OUT,
        "style": Markup(styles),  # noqa: S704 - ours, from the package
        "script": Markup(script),  # noqa: S704 - likewise
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    return template.render(values)


def _windows(evidence: StoryEvidence) -> list[TimelineWindow]:
    """A close look at the head before all others, then the whole recording."""
    run = evidence.run
    first: list[Story] = [] if evidence.head is None else [evidence.head]
    stories = first + [other for other in evidence.stories if other is not evidence.head]
    chosen = [_few(other) for other in choose(run, operators_of(run, [other for other in first if other.told]))]
    return windows_of(run, stories, chosen, evidence.limits, evidence.clock)


def _few(chosen: Chosen) -> Chosen:
    """The most telling curves of a source: a story is no dashboard, and the report has the rest."""
    left = max(len(chosen.curves) - CURVES_MAX, 0)
    return replace(chosen, curves=chosen.curves[:CURVES_MAX], omitted=chosen.omitted + left)


def _tiles(evidence: StoryEvidence, card: Card | None) -> list[tuple[str, str, str, str]]:
    """Title, value, note and kind of the figures at the top; the lead comes first."""
    lead = evidence.lead_ms()
    if lead is None:
        value, note = "–", "never confirmed" if evidence.first_word_ms is not None else "the operator never spoke"
    else:
        value, way = lasting(lead), "before" if lead >= 0 else "after"
        note = f"confirmed {way} the operator’s first word"
    tiles = [("Lead", value, note, "lead" if (lead or 0) > 0 else "")]
    for tile in card.tiles if card else ():
        note = customers(evidence).text if tile.title.startswith("Customers") else tile.note
        tiles.append((tile.title, tile.value, note, tile.kind))
    return tiles


def _outage(evidence: StoryEvidence, found: FoundOutage) -> tuple[str, str, str, str]:
    """When, what, and how soon it was suspected and confirmed."""
    outage, story = found.outage, found.story
    began = int(outage.started_at)
    areas = sorted({area.area for area in outage.areas})
    where = areas[0] if len(areas) == 1 else counted(len(areas), "area")
    what = f"{plain(outage.kind)}, {where}, {counted(outage.customers, 'customer')}"
    if story is None:
        return evidence.clock.full(began), what, "not found", ""
    suspected = lasting(story.suspected_ms - began)
    confirmed = "" if story.confirmed_ms is None else lasting(story.confirmed_ms - began)
    return evidence.clock.full(began), what, suspected, confirmed or "never"
