"""Two runs' folders read for a comparison, and its answer as JUnit XML.

Folders whose files have the same bytes need no reading: that is the usual
answer of a check that nothing changed, so it comes at once. A folder that
another version wrote must be readable as well, since that is what one
compares; what has no place in today's records is an error that says so.
"""

import filecmp
import re
from collections import Counter
from pathlib import Path
from typing import Final, TypeVar
from xml.etree import ElementTree

import msgspec

from pipeline.adapters.codecs.lines import read_lines
from pipeline.adapters.codecs.wire import decoder
from pipeline.evaluate.diff.records import Difference, Listed, Published, RunDiff
from pipeline.flow import INCIDENTS, RESULT_NOUNS
from pipeline.records.clocks import format_instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice

T = TypeVar("T")

EXCERPT_CHARS: Final = 60
_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AREAS_NAMED: Final = 3


class _Line(msgspec.Struct, frozen=True):
    value: msgspec.Raw
    headers: tuple[tuple[str, str | None], ...] = ()


_LINES: Final = decoder(_Line)


def are_identical(a: Path, b: Path) -> bool:
    """Whether two runs' results have the same bytes; a file that neither has is no difference."""
    names = [f"{topic}.jsonl" for topic in RESULT_NOUNS]
    there = [name for name in names if (a / name).exists() or (b / name).exists()]
    return not any(filecmp.cmpfiles(a, b, there, shallow=False)[1:])


def read_published(path: Path) -> Published:
    """Read what a run published.

    Args:
        path: Folder, as `tocsin replay` or `tocsin backtest` wrote it.

    Raises:
        ConfigError: If it is no such folder, or a line cannot be understood.
    """
    if not (path / "run.json").is_file():
        raise ConfigError(f"{path}: holds no run.json: must be a folder that tocsin replay or backtest wrote")
    if not (path / "incidents.jsonl").is_file():
        raise ConfigError(
            f"{path}: holds no incidents.jsonl, though a run without incidents has an empty one; replay again"
        )
    by_id: dict[str, list[Incident]] = {}
    for incident in _values(path / "incidents.jsonl", Incident):
        by_id.setdefault(incident.incident_id, []).append(incident)
    histories = [tuple(sorted(revisions, key=lambda incident: incident.revision)) for revisions in by_id.values()]
    return Published(
        histories=tuple(sorted(histories, key=lambda history: (history[-1].opened_at, history[-1].incident_id))),
        notices=tuple(_values(path / "notices.jsonl", Notice)),
        failovers=tuple(_values(path / "failovers.jsonl", Failover)),
        followups=tuple(_values(path / "followups.jsonl", Followup)),
        decisions=tuple(_values(path / "decisions.jsonl", Decision)),
        quarantined=_quarantined(path / "quarantine.jsonl"),
    )


def _values(path: Path, kind: type[T]) -> list[T]:
    wanted = decoder(kind)
    values = []
    for number, line in enumerate(read_lines(path) if path.is_file() else (), 1):
        try:
            values.append(wanted.decode(_LINES.decode(line).value))
        except msgspec.DecodeError as error:
            words = f"{path} line {number}: is not what this version writes: {error}; replay the recording again"
            raise ConfigError(words) from None
    return values


def _quarantined(path: Path) -> dict[str, int]:
    tally: Counter[str] = Counter()
    for line in read_lines(path) if path.is_file() else ():
        try:
            words = dict(_LINES.decode(line).headers)
        except msgspec.DecodeError as error:
            raise ConfigError(f"{path}: {error}; replay the recording again") from None
        stage, reason = (words.get(f"tocsin.errors.{name}") or "unknown" for name in ("stage", "reason"))
        tally[f"{stage} {reason}"] += 1
    return dict(sorted(tally.items()))


def words_for(change: Difference) -> str:
    """A change in a line: `severity_peak: major -> critical`; long texts are shown where they part."""
    name = f"{change.field} of {change.of}" if change.of else change.field
    if change.only_a or change.only_b:
        gone, came = ", ".join(change.only_a), ", ".join(change.only_b)
        return f"{name}: " + "; ".join(part for part in (gone and f"no longer {gone}", came and f"also {came}") if part)
    if change.later_seconds is not None:
        word = "later" if change.later_seconds > 0 else "earlier"
        return f"{name}: {_lasting(abs(change.later_seconds))} {word} ({change.a} -> {change.b})"
    a, b = _excerpts(change.a or "nothing", change.b or "nothing")
    return f"{name}: {a} -> {b}" if a != b else f"{name}: says something else"


def name_of(incident: Listed) -> str:
    """An incident in a line: when, who, what, where."""
    more = len(incident.areas) - _AREAS_NAMED
    areas = ", ".join(incident.areas[:_AREAS_NAMED]) + (f" and {more} more" if more > 0 else "")
    parts = (", ".join(incident.operators) or "nobody", ", ".join(incident.services) or "service unknown", areas)
    return f"{format_instant(incident.opened_at)} {' · '.join(part for part in parts if part)}"


def _lasting(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{seconds:g} s"


def _excerpts(a: str, b: str) -> tuple[str, str]:
    """The parts of two texts around the first character that differs."""
    a, b = a.replace("\n", " / "), b.replace("\n", " / ")
    first = next((n for n, (left, two) in enumerate(zip(a, b, strict=False)) if left != two), min(len(a), len(b)))
    begin = max(0, first - EXCERPT_CHARS // 2) if max(len(a), len(b)) > EXCERPT_CHARS else 0
    return _cut(a, begin), _cut(b, begin)


def _cut(text: str, begin: int) -> str:
    end = begin + EXCERPT_CHARS
    return f"{'...' if begin else ''}{text[begin:end]}{'...' if len(text) > end else ''}"


def junit_of(diff: RunDiff, a: str, b: str) -> bytes:
    """A comparison in the form that build servers read: each incident a test case, one more for each topic counted.

    Args:
        diff: The comparison.
        a: Name of the first run.
        b: Name of the second run.

    Source:
        The schema of Jenkins' xUnit plugin, junit-10.xsd; no times, since nothing ran.
    """
    cases: list[tuple[str, tuple[str, ...]]] = [(name_of(pair.a), ()) for pair in diff.alike]
    cases += [(name_of(pair.a), tuple(map(words_for, pair.changes))) for pair in diff.changed]
    cases += [(name_of(incident), (f"gone: {a} has it, {b} does not",)) for incident in diff.gone]
    cases += [(name_of(incident), (f"appeared: {b} has it, {a} does not",)) for incident in diff.appeared]
    topics = {
        topic: [count for count in diff.counts if count.topic == topic]
        for topic in RESULT_NOUNS
        if topic != INCIDENTS.noun
    }
    counts = [
        (
            topic,
            tuple(
                f"{counts_of_topic.kind}: {counts_of_topic.a} -> {counts_of_topic.b}"
                for counts_of_topic in counts_of_topic
            ),
        )
        for topic, counts_of_topic in topics.items()
    ]
    root = ElementTree.Element("testsuites", name=_printable(f"{a} and {b}"))
    _suite(root, INCIDENTS.noun, sorted(cases))
    _suite(root, "counts", counts)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(root: ElementTree.Element, name: str, cases: list[tuple[str, tuple[str, ...]]]) -> None:
    failures = str(sum(bool(failed) for _, failed in cases))
    numbers = {"name": name, "tests": str(len(cases)), "failures": failures, "errors": "0", "skipped": "0"}
    suite = ElementTree.SubElement(root, "testsuite", numbers)
    for title, failed in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=f"tocsin.diff.{name}", name=_printable(title))
        if failed:
            message = failed[0] if len(failed) == 1 else f"{len(failed)} differences"
            failure = ElementTree.SubElement(case, "failure", type="difference", message=_printable(message))
            failure.text = _printable("\n".join(failed))


def _printable(text: str) -> str:
    """Text without the characters that no XML may hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
