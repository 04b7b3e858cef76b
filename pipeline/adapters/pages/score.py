"""The page of a score: one file, no script at all, the look of a run's report.

All drawings are made here, as paths and places; the template only puts them
down. Texts of posts are strangers' words: the template engine escapes them,
and the page's own policy allows no script.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from markupsafe import Markup

from pipeline.adapters.pages.report import TEMPLATES, strict_environment
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Figure, Score
from pipeline.views.score.cases import CASES_MAX, HEIGHT, cases_of
from pipeline.views.score.diagrams import SIZE, bars_of, dots_of
from pipeline.views.score.wording import (
    grouped,
    heading,
    interval_of,
    no_interval,
    said,
    title_of,
)
from pipeline.views.words import plain

_TILES: Final = (
    ("recall", "Outages found"),
    ("recall_severe", "Severe ones found"),
    ("precision", "Confirmed incidents that were real"),
    ("false_confirmed_rate", "False, per operator and 30 days"),
    ("confirmed_p50", "From the true start to confirmed"),
    ("confirmed_visible_p50", "From the first visible effect to confirmed"),
    ("log_lead_confirmed_p50", "Lead over the operator’s log"),
    ("smallest_right", "Smallest right area"),
    ("traps_withstood", "Traps withstood"),
    ("ece", "Calibration error"),
)


Reports = Mapping[tuple[str, str], str]
"""World and incident to the address of its report."""
_NO_REPORTS: Final[Reports] = MappingProxyType({})


class Tile(NamedTuple):
    """One figure at the top."""

    title: str
    value: str
    note: str


class Line(NamedTuple):
    """One figure of the table; the strip is drawn for shares: from, width and value in per cent."""

    title: str
    value: str
    interval: str
    of: str
    strip: tuple[float, float, float] | None


def build(
    total: Score,
    runs: Sequence[ScoredRun],
    path: Path,
    *,
    cases_max: int = CASES_MAX,
    reports: Reports = _NO_REPORTS,
) -> Path:
    """Write the page of a score.

    Args:
        total: All runs together.
        runs: Each with its incidents, to draw the worst.
        path: Replaced if it exists; its folder is made.
        cases_max: So many of the worst are drawn.
        reports: Linked below the cases that draw these incidents.

    Returns:
        The file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(total, runs, cases_max=cases_max, reports=reports), "utf-8")
    return path


def render(
    total: Score, runs: Sequence[ScoredRun], *, cases_max: int = CASES_MAX, reports: Reports = _NO_REPORTS
) -> str:
    """The page as text.

    Args:
        total: All runs together.
        runs: Each with its incidents, to draw the worst.
        cases_max: So many of the worst are drawn.
        reports: Linked below the cases that draw these incidents.
    """
    cases, omitted = cases_of(runs, cases_max)
    environment = strict_environment()
    environment.filters.update(plain=plain, seconds=lambda value: said(value, "seconds"))
    styles = "".join((TEMPLATES / name).read_text("utf-8") for name in ("report.css", "score.css"))
    return environment.get_template("score.html.j2").render(
        heading=heading(total),
        title=_title(runs),
        tiles=_tiles(total),
        groups=[(title, [_line(figure) for figure in figures]) for title, figures in grouped(total)],
        intervals=no_interval(total),
        kinds=total.kinds,
        traps=total.traps,
        worlds=total.worlds,
        cases=cases,
        omitted=omitted,
        reports=reports,
        dots=dots_of(total),
        bars=bars_of(total),
        forecasts=sum(row.count for row in total.reliability),
        size=SIZE,
        height=HEIGHT,
        log=all(world.known == "log" for world in total.worlds),
        style=Markup(styles),  # noqa: S704 - ours, from the package
    )


def _title(runs: Sequence[ScoredRun]) -> str:
    return runs[0].score.name if len(runs) == 1 else f"{len(runs)} runs"


def _tiles(total: Score) -> list[Tile]:
    figures = {figure.name: figure for figure in total.figures}
    return [
        Tile(title, said(figure.value, figure.unit), _note(figure))
        for name, title in _TILES
        if (figure := figures[name]).value is not None
    ]


def _note(figure: Figure) -> str:
    between = interval_of(figure)
    parts = [between] if between else []
    if figure.unit == "share":
        parts.append(f"{round((figure.value or 0) * figure.n):,} of {figure.n:,}")
    return " · ".join(parts)


def _line(figure: Figure) -> Line:
    strip = None
    if figure.unit == "share" and figure.value is not None:
        low, high = (
            figure.low if figure.low is not None else figure.value,
            figure.high if figure.high is not None else figure.value,
        )
        strip = (round(low * 100, 1), round((high - low) * 100, 1), round(figure.value * 100, 1))
    of = "" if figure.unit in ("count", "per_operator_month") else f"{figure.n:,}"
    return Line(title_of(figure), said(figure.value, figure.unit), interval_of(figure), of, strip)
