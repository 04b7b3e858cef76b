"""Figures in words: with their unit, their interval, and a dash where there is nothing to say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.evaluate.figures.shapes import Group
from pipeline.evaluate.judging.facts import WorldScore
from pipeline.evaluate.score import Figure, Score
from pipeline.views.words import lasting

NOTHING: Final = "–"

GROUPS: Final[Mapping[Group, str]] = {
    "found": "Found",
    "false": "False",
    "delay": "Delay",
    "lead": "Lead",
    "place": "Place",
    "what": "What and who",
    "emergency": "Emergency calls",
    "times": "Start and end",
    "severity": "Severity",
    "calibration": "Calibration",
}

UNITS: Final[Mapping[str, str]] = {
    "per_operator_month": "per operator and 30 days",
    "steps": "steps",
}


def said(value: float | None, unit: str) -> str:
    """A figure's value.

    >>> said(0.9333, "share"), said(-90.0, "seconds"), said(2, "count"), said(None, "share")
    ('93.3 %', '−1 min 30 s', '2', '–')
    """
    if value is None:
        return NOTHING
    if unit == "share":
        return f"{value * 100:.1f} %".replace(".0 %", " %")
    if unit == "seconds":
        return f"{'−' if value < 0 else ''}{lasting(value * 1_000)}"
    if unit == "count":
        return f"{value:,.0f}"
    return f"{value:.3f}" if unit == "score" else f"{value:.2f}"


def interval_of(figure: Figure) -> str:
    """The 95 % interval; empty if there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{said(figure.low, figure.unit)} … {said(figure.high, figure.unit)}"


def title_of(figure: Figure) -> str:
    """Its title, with the unit if that is not plain from the value."""
    unit = UNITS.get(figure.unit)
    return f"{figure.title}, {unit}" if unit else figure.title


def grouped(score: Score) -> Iterator[tuple[str, list[Figure]]]:
    """Figures by group, in their order; those that have nothing to say are left out, and so are empty groups."""
    for group, title in GROUPS.items():
        rows = [figure for figure in score.figures if figure.group == group and figure.value is not None]
        if rows:
            yield title, rows


def heading(score: Score) -> str:
    """What was scored, in one line."""
    worlds: Sequence[WorldScore] = score.worlds
    outages = [outage for world in worlds for outage in world.outages]
    incidents = [incident for world in worlds for incident in world.incidents]
    traps = sum(len(world.traps) for world in worlds)
    days = sum(world.days for world in worlds)
    parts = [
        _counted(len(worlds), "run") + (" of " if len(worlds) == 1 else ", together ") + _days(days),
        _counted(len(outages), "outage") + f" ({sum(outage.severe for outage in outages)} severe)",
        _counted(traps, "trap"),
        _counted(len(incidents), "incident") + f" ({sum(incident.confirmed for incident in incidents)} confirmed)",
    ]
    return ", ".join(parts)


def no_interval(score: Score) -> str:
    """Why there are no intervals; empty if there are some."""
    if any(figure.low is not None for figure in score.figures):
        return "Intervals: 95 %, whole worlds drawn again (percentile bootstrap)."
    return f"No intervals: {_counted(len(score.worlds), 'world')}, and fewer than five say nothing about others."


def _days(days: float) -> str:
    return f"{days:.1f} days".replace(".0 days", " days")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
