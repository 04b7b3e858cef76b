"""A run's folder, read back: what was published, what was seen, what was true.

The report trusts nothing but these files, so that a folder of last month, or
one that somebody sends by mail, gives the same page. Curves are kept as plain
arrays: an hour of a series is sixty numbers three times, not sixty objects.
"""

import tomllib
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from pipeline.adapters.codecs.lines import read_lines
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.recordings.intake.tables import RowError, rows_of
from pipeline.adapters.reference.folder import load_operators, reference_folder
from pipeline.records.clocks import parse_instant
from pipeline.records.errors import ConfigError, RecordError
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.truth import Truth
from pipeline.views.run import Curve, CurveKey, Run, RunFacts

T = TypeVar("T")

SERIES_FILE: Final = "series.jsonl.zst"


class _Line(msgspec.Struct, frozen=True):
    value: msgspec.Raw
    headers: tuple[tuple[str, str], ...] = ()


def read_run(path: Path) -> Run:
    """Read a run's folder.

    Args:
        path: Folder of the run, as `tocsin replay` wrote it.

    Raises:
        ConfigError: If `run.json` is missing, or a file cannot be understood.
    """
    facts_file = path / "run.json"
    if not facts_file.is_file():
        raise ConfigError(f"{path}: holds no run.json: must be a folder that `tocsin replay` wrote")
    operators = tuple(load_operators())
    return Run(
        name=path.name,
        facts=_decoded(facts_file, facts_file.read_bytes(), RunFacts),
        histories=_histories(_values(path / "incidents.jsonl", Incident)),
        notices=tuple(_values(path / "notices.jsonl", Notice)),
        decisions=tuple(
            sorted(
                _values(path / "decisions.jsonl", Decision), key=lambda decision: (decision.at, decision.decision_id)
            )
        ),
        quarantined=_quarantined(path / "quarantine.jsonl"),
        curves=_curves(path / SERIES_FILE),
        truth=_truth(path / "truth.json"),
        operator_names={operator.id: operator.name for operator in operators},
        operator_sizes={
            operator.id: size for operator in operators if (size := operator.customers_in(operator.market)) is not None
        },
        area_names=_area_names(),
        failovers=tuple(_values(path / "failovers.jsonl", Failover)),
        followups=tuple(_values(path / "followups.jsonl", Followup)),
    )


def _decoded(path: Path, data: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return decoder(kind).decode(data)
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: is not what this version writes: {error}; replay the recording again") from None


def _values(path: Path, kind: type[T]) -> list[T]:
    if not path.is_file():
        return []
    return [_decoded(path, _decoded(path, line, _Line).value, kind) for line in read_lines(path)]


def _histories(revisions: list[Incident]) -> tuple[tuple[Incident, ...], ...]:
    by_id: dict[str, list[Incident]] = {}
    for incident in revisions:
        by_id.setdefault(incident.incident_id, []).append(incident)
    histories = [tuple(sorted(revisions, key=lambda incident: incident.revision)) for revisions in by_id.values()]
    return tuple(sorted(histories, key=lambda history: (history[-1].opened_at, history[-1].incident_id)))


def _quarantined(path: Path) -> dict[tuple[str, str], tuple[int, str]]:
    tally: dict[tuple[str, str], tuple[int, str]] = {}
    if not path.is_file():
        return tally
    for line in read_lines(path):
        words = dict(_decoded(path, line, _Line).headers)
        key = (words.get("tocsin.errors.stage", "unknown"), words.get("tocsin.errors.reason", "unknown"))
        count, example = tally.get(key, (0, words.get("tocsin.errors.exception.message", "")))
        tally[key] = (count + 1, example)
    return dict(sorted(tally.items()))


def _curves(path: Path) -> dict[CurveKey, Curve]:
    curves: dict[CurveKey, Curve] = {}
    if not path.is_file():
        return curves
    for row in rows_of(path, "jsonl", "utf-8"):
        if isinstance(row.fields, RowError):
            raise ConfigError(f"{path} line {row.number}: {row.fields}; replay the recording again")
        try:
            key = CurveKey(*(str(row.fields[name]) for name in CurveKey._fields))
            ended_ms = parse_instant(str(row.fields["ended_at"]))
        except (KeyError, RecordError) as error:
            raise ConfigError(f"{path} line {row.number}: {error}; replay the recording again") from None
        curves.setdefault(key, Curve()).add(ended_ms, row.fields)
    return dict(sorted(curves.items()))


def _truth(path: Path) -> Truth | None:
    return _decoded(path, path.read_bytes(), Truth) if path.is_file() else None


def _area_names() -> dict[str, str]:
    path = reference_folder() / "regions.toml"
    if not path.is_file():
        return {}
    tables = tomllib.loads(path.read_text("utf-8"))
    return {row["area"]: row["name"] for kind in ("nation", "region") for row in tables.get(kind, [])}
