"""How the evidence of an incident is shown: series by series, the most surprising first, with what people wrote."""

from typing import Final

from pipeline.correlate.evidence.services import items_hit
from pipeline.correlate.parts import Dossier, SeriesEvidence
from pipeline.records.clocks import Instant
from pipeline.records.inner.examples import Example
from pipeline.records.published.incident_parts import EvidenceExample, EvidenceItem, Item
from pipeline.records.published.incidents import EVIDENCE_MAX
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import PPM, ItemKind

EXAMPLES_OF: Final = 6
"""So many series show examples: all sixteen would not fit in 64 KiB."""

_EXAMPLES_MAX: Final = 3
"""Texts shown of such a series: all that a dossier keeps."""

_TECHNOLOGIES: Final = frozenset(
    {"2g", "3g", "4g", "5g", "lte", "dsl", "fttb", "ftth", "fibre", "cable", "gsm", "umts"}
)


def evidence_of(dossier: Dossier) -> tuple[tuple[EvidenceItem, ...], int]:
    """The series that a record shows, each with its part of the surprise.

    Returns:
        The most surprising series, and how many are left out.
    """
    rows = sorted(dossier.series.items(), key=lambda row: (-row[1].surprise_milli, -row[1].records, row[0]))
    total = sum(max(series.surprise_milli, 1) for _, series in rows)
    shown = tuple(
        _item(
            series,
            max(series.surprise_milli, 1) * PPM // total,
            examples_max=_EXAMPLES_MAX if number < EXAMPLES_OF else 0,
        )
        for number, (_, series) in enumerate(rows[:EVIDENCE_MAX])
    )
    return shown, max(0, len(rows) - EVIDENCE_MAX) + dossier.series_dropped


def _item(series: SeriesEvidence, contribution_ppm: int, *, examples_max: int) -> EvidenceItem:
    examples = series.examples[:examples_max]
    return EvidenceItem(
        source=series.source,  # type: ignore[arg-type]  # DETECT writes raw topics only
        measure=series.measure,
        area=series.area,
        operator=series.operator or "unknown",
        first_at=Instant(series.first_at),
        last_at=Instant(series.last_at),
        panes=series.panes,
        service=series.service or None,
        item=series.item[:100] or None,
        element=series.element or None,
        unit=series.unit,
        observed=decimal(series.observed),
        expected=decimal(series.expected),
        surprise_milli=max(0, series.surprise_milli),
        contribution_ppm=contribution_ppm,
        examples=tuple(_example(example, series.area) for example in examples),
        examples_omitted=max(0, series.records - len(examples)) if series.examples else 0,
    )


def _example(example: Example, area: str) -> EvidenceExample:
    return EvidenceExample(
        id_hash=example.id_hash,
        at=Instant(example.at),
        text=clipped(example.text, 240),
        symptom=example.symptom[:64] or None,
        area=area,
        language=example.lang[:16] or None,
    )


def decimal(millionths: int) -> str:
    """An exact decimal number as text.

    >>> decimal(1_500_000), decimal(-250_000), decimal(0)
    ('1.5', '-0.25', '0')
    """
    whole, part = divmod(abs(millionths), PPM)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text


def items_of(dossier: Dossier) -> list[Item]:
    """Channels, technologies and the like that are hit, by name."""
    kinds = {name: _item_kind(name, service) for name, service in items_hit(dossier)}
    return [Item(name=name[:100], kind=kind) for name, kind in kinds.items()]


def _item_kind(name: str, service: str) -> ItemKind:
    if service == "tv":
        return "tv_channel"
    return "technology" if name.casefold() in _TECHNOLOGIES else "other"
