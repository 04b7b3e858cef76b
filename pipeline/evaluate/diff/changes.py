"""What two runs say otherwise of the same incident.

The last revision tells most of it. When a state or a severity was first
reached is read from all revisions: two runs may end alike, and one of them
may have called it critical an hour sooner. What has no line of its own here
is compared whole and named by its field, so that no difference can hide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from pipeline.evaluate.diff.records import FIELDS, REST, Difference, DiffRules
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.published.incident_parts import EmergencyImpact, Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import SUMMARY_LANGUAGES, Paragraph, Sentence
from pipeline.records.vocabulary import IncidentState, Severity

History = Sequence[Incident]

_TIMES: Final = {
    "opened": "opened_at",
    "confirmed": "confirmed_at",
    "resolved": "resolved_at",
    "started": "started_at",
    "ended": "ended_at",
}
_WORDS: Final = (
    *("state", "severity", "severity_peak", "verification", "nature", "duration_class", "reopened", "exercise"),
    "extent",
)
_STATES: Final = (IncidentState.CLOSED, IncidentState.DISMISSED)
"""Whose times have no field of their own."""
_SEVERITIES: Final = (Severity.WARNING, Severity.MINOR, Severity.MAJOR, Severity.CRITICAL)
_PATHS_NAMED: Final = 3


def changes_between(
    a: History, b: History, notices: tuple[Sequence[Notice], Sequence[Notice]], rules: DiffRules
) -> tuple[Difference, ...]:
    """Everything that two runs say otherwise of one incident.

    Args:
        a: Its revisions in the first run, rising, at least one.
        b: In the second.
        notices: Its notices in either run.
        rules: What counts.

    Returns:
        In order of `FIELDS`, the other fields after them by name.
    """
    found = [
        *_times(a, b, rules),
        *_words(a, b),
        *_borders(a[-1], b[-1]),
        *_emergency(a[-1], b[-1], rules),
        *_texts(a[-1], b[-1], notices),
        *_rest(a, b, rules),
    ]
    order = {name: number for number, name in enumerate((*FIELDS, *REST))}
    counting = [change for change in found if rules.counts(change.field)]
    return tuple(sorted(counting, key=lambda change: (order[change.field], change.of)))


def _changed(field: str, a: object, b: object, of: str = "") -> Iterator[Difference]:
    if a != b:
        yield Difference(group=FIELDS.get(field, "rest"), field=field, of=of, a=_said(a), b=_said(b))


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Instant):
        return format_instant(value)
    if isinstance(value, Interval):
        likely = "" if value.likely is None else f", likely {value.likely}"
        return f"{value.low} to {value.high}{likely}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"{len(value)} items"
    return type(value).__name__ if isinstance(value, msgspec.Struct) else str(value)


def _moved(field: str, a: int | None, b: int | None, rules: DiffRules, of: str = "") -> Iterator[Difference]:
    if a is None and b is None:
        return
    group = FIELDS[field]
    if a is None or b is None:
        yield Difference(group=group, field=field, of=of, a=_time(a), b=_time(b))
    elif abs(b - a) > rules.tolerance_ms:
        yield Difference(group=group, field=field, of=of, a=_time(a), b=_time(b), later_seconds=(b - a) / 1_000)


def _time(time_ms: int | None) -> str | None:
    return None if time_ms is None else format_instant(time_ms)


def _times(a: History, b: History, rules: DiffRules) -> Iterator[Difference]:
    for field, name in _TIMES.items():
        yield from _moved(field, getattr(a[-1], name), getattr(b[-1], name), rules)
    for state in _STATES:
        yield from _moved("state_at", _first(a, "state", {state}), _first(b, "state", {state}), rules, str(state))
    for rank, severity in enumerate(_SEVERITIES):
        reached = set(_SEVERITIES[rank:])
        yield from _moved(
            "severity_at", _first(a, "severity", reached), _first(b, "severity", reached), rules, str(severity)
        )
    before, after = ({lead.source: lead.first_evidence_at for lead in run[-1].leads} for run in (a, b))
    for source in sorted(before.keys() | after.keys()):
        yield from _moved("first_evidence", before.get(source), after.get(source), rules, source)


def _first(history: History, field: str, values: Iterable[object]) -> int | None:
    """When an incident first said one of these; `updated_at` of that revision."""
    return next((revision.updated_at for revision in history if getattr(revision, field) in values), None)


def _words(a: History, b: History) -> Iterator[Difference]:
    for field in _WORDS:
        yield from _changed(field, getattr(a[-1], field), getattr(b[-1], field))
    yield from _changed("states", _path(a, "state"), _path(b, "state"))
    yield from _changed("severities", _path(a, "severity"), _path(b, "severity"))


def _path(history: History, field: str) -> str:
    """What a field said one after the other."""
    said = [str(getattr(revision, field)) for revision in history]
    return " > ".join(word for number, word in enumerate(said) if not number or said[number - 1] != word)


def _borders(a: Incident, b: Incident) -> Iterator[Difference]:
    shares_a, shares_b = ({area.area: area.share_ppm for area in incident.areas} for incident in (a, b))
    yield from _sets("areas", shares_a, shares_b)
    for area in sorted(shares_a.keys() & shares_b.keys()):
        yield from _changed("shares", shares_a[area], shares_b[area], area)
    yield from _sets("services", a.services, b.services)
    yield from _sets("items", [item.name for item in a.items or ()], [item.name for item in b.items or ()])
    yield from _sets("operators", _roles(a), _roles(b))
    yield from _changed("customers_affected", a.customers_affected, b.customers_affected)


def _roles(incident: Incident) -> list[str]:
    return [f"{operator.operator} ({operator.role or 'blamed'})" for operator in incident.operators]


def _sets(field: str, a: Iterable[str], b: Iterable[str]) -> Iterator[Difference]:
    before, after = set(a), set(b)
    if before != after:
        only_a, only_b = sorted(before - after), sorted(after - before)
        yield Difference(group=FIELDS[field], field=field, only_a=tuple(only_a), only_b=tuple(only_b))


def _emergency(a: Incident, b: Incident, rules: DiffRules) -> Iterator[Difference]:
    one, two = a.emergency or EmergencyImpact(), b.emergency or EmergencyImpact()
    yield from _changed("emergency", one.affected, two.affected)
    yield from _sets("emergency_numbers", one.numbers, two.numbers)
    yield from _changed("emergency_claims", one.claims, two.claims)
    yield from _moved("emergency_claimed", one.first_claim_at, two.first_claim_at, rules)


def _texts(a: Incident, b: Incident, notices: tuple[Sequence[Notice], Sequence[Notice]]) -> Iterator[Difference]:
    yield from _by_name("summary", _summary(a), _summary(b))
    yield from _by_name("notices", _drafts(notices[0]), _drafts(notices[1]))


def _by_name(field: str, a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(a.keys() | b.keys()):
        yield from _changed(field, a.get(name), b.get(name), name)


def _summary(incident: Incident) -> dict[str, str]:
    parts = ("headline", "page", "phone_bot") if incident.summary else ()
    return {
        f"{part} {language}": text
        for part in parts
        for language, text in _in_each(getattr(incident.summary, part)).items()
    }


def _in_each(words: Sentence | Paragraph) -> dict[str, str]:
    return {**{language: words.said(language) for language in SUMMARY_LANGUAGES}, **words.more}


def _drafts(notices: Sequence[Notice]) -> dict[str, str]:
    """Texts by kind, audience, outlet and language; a number tells the second and later ones of a kind apart."""
    texts: dict[str, str] = {}
    for notice in sorted(notices, key=lambda notice: (notice.drafted_at, notice.notice_id)):
        name = f"{notice.kind} {notice.audience} {notice.outlet} {notice.language}"
        number, unique = 1, name
        while unique in texts:
            number += 1
            unique = f"{name} #{number}"
        texts[unique] = f"{notice.subject}\n{notice.body}"
    return texts


def _rest(a: History, b: History, rules: DiffRules) -> Iterator[Difference]:
    yield from _changed("revisions", len(a), len(b))
    yield from _changed("links", _linked(a[-1]), _linked(b[-1]))
    for field in REST:
        one, two = getattr(a[-1], field), getattr(b[-1], field)
        if paths := sorted(set(_unlike(one, two, field, rules.tolerance_ms))):
            inner = [path.removeprefix(field).removeprefix(".") for path in paths]
            more = "" if len(inner) <= _PATHS_NAMED else f" and {len(inner) - _PATHS_NAMED} more"
            of = ", ".join(inner[:_PATHS_NAMED]) + more
            yield Difference(group="rest", field=field, of=of, a=_said(one), b=_said(two))


def _linked(incident: Incident) -> str | None:
    """With how many others; ids may differ between runs that say the same."""
    links = incident.links
    if links is None:
        return None
    counts = {"merged from": links.merged_from, "split into": links.split_into, "related to": links.related}
    parts = [f"{name} {len(ids)}" for name, ids in counts.items() if ids]
    parts += ["merged away"] if links.merged_into else []
    parts += ["split off"] if links.split_from else []
    return ", ".join(parts) or None


def _unlike(a: Any, b: Any, path: str, tolerance_ms: int) -> Iterator[str]:
    """Paths at which two values differ; times, and lengths in seconds, by more than the tolerance."""
    if isinstance(a, msgspec.Struct) and type(a) is type(b):
        for name in a.__struct_fields__:
            yield from _unlike(getattr(a, name), getattr(b, name), f"{path}.{name}", tolerance_ms)
    elif isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        for first, second in zip(a, b, strict=True):
            yield from _unlike(first, second, path, tolerance_ms)
    elif a != b and not _is_near(a, b, path, tolerance_ms):
        yield path


def _is_near(a: Any, b: Any, path: str, tolerance_ms: int) -> bool:
    if isinstance(a, Instant) and isinstance(b, Instant):
        return abs(a - b) <= tolerance_ms
    if path.endswith("_seconds") and isinstance(a, int) and isinstance(b, int):
        return abs(a - b) * 1_000 <= tolerance_ms
    return False
