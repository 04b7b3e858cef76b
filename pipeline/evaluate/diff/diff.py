"""What differs between two runs: the heart of `tocsin diff`.

Incidents are paired first by id and then by what they say (`matching`),
pairs are compared field by field (`changes`), the other records are
counted by kind. All of it is symmetric: who is named first changes the signs
and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.evaluate.diff.changes import changes_between
from pipeline.evaluate.diff.matching import pair_up
from pipeline.evaluate.diff.records import CountChange, DiffRules, Listed, Paired, Published, RunDiff
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice, latest_of


def compare(a: Published, b: Published, rules: DiffRules | None = None) -> RunDiff:
    """Compare what two runs published.

    Args:
        a: The first run, such as yesterday's rules.
        b: The second, such as today's.
        rules: What counts as a difference; everything, by default.

    Returns:
        Incidents in order of opening; counts by topic and kind.
    """
    rules = rules or DiffRules()
    lasts_a, lasts_b = [history[-1] for history in a.histories], [history[-1] for history in b.histories]
    pairs = pair_up(lasts_a, lasts_b, rules.align_by)
    notices_a, notices_b = _notices_of(a), _notices_of(b)
    compared = []
    for n, m in pairs:
        if not rules.only_confirmed or _was_confirmed(lasts_a[n]) or _was_confirmed(lasts_b[m]):
            told = (notices_a.get(lasts_a[n].incident_id, []), notices_b.get(lasts_b[m].incident_id, []))
            changes = changes_between(a.histories[n], b.histories[m], told, rules)
            compared.append(Paired(a=listed(lasts_a[n]), b=listed(lasts_b[m]), changes=changes))
    compared.sort(key=_when)
    counts = () if "counts" in rules.ignored else tuple(_counts(a, b))
    return RunDiff(
        appeared=_left_over(lasts_b, {m for _, m in pairs}, rules),
        gone=_left_over(lasts_a, {n for n, _ in pairs}, rules),
        changed=tuple(pair for pair in compared if pair.changes),
        alike=tuple(pair for pair in compared if not pair.changes),
        counts=counts,
    )


def listed(incident: Incident) -> Listed:
    """An incident in a few words."""
    return Listed(
        incident_id=incident.incident_id,
        opened_at=incident.opened_at,
        state=str(incident.state),
        severity_peak=str(incident.severity_peak or incident.severity),
        operators=tuple(operator.operator for operator in incident.operators),
        services=tuple(map(str, incident.services)),
        areas=tuple(area.area for area in incident.areas),
        confirmed=_was_confirmed(incident),
    )


def _was_confirmed(incident: Incident) -> bool:
    return incident.confirmed_at is not None


def _when(pair: Paired) -> tuple[int, list[str]]:
    """The same place from either side."""
    return min(pair.a.opened_at, pair.b.opened_at), sorted((pair.a.incident_id, pair.b.incident_id))


def _left_over(incidents: Sequence[Incident], paired: set[int], rules: DiffRules) -> tuple[Listed, ...]:
    alone = [incident for number, incident in enumerate(incidents) if number not in paired]
    shown = [listed(incident) for incident in alone if not rules.only_confirmed or _was_confirmed(incident)]
    return tuple(sorted(shown, key=lambda incident: (incident.opened_at, incident.incident_id)))


def _notices_of(run: Published) -> dict[str, list[Notice]]:
    by_incident: dict[str, list[Notice]] = {}
    for notice in latest_of(run.notices):
        by_incident.setdefault(notice.incident_id, []).append(notice)
    return by_incident


def _counts(a: Published, b: Published) -> Iterable[CountChange]:
    tallies_a, tallies_b = _tallies(a), _tallies(b)
    for topic, before in tallies_a.items():
        after = tallies_b[topic]
        for kind in sorted(before.keys() | after.keys()):
            if before[kind] != after[kind]:
                yield CountChange(topic=topic, kind=kind, a=before[kind], b=after[kind])


def _tallies(run: Published) -> dict[str, Counter[str]]:
    """How many of each kind; of a decision, kind and reason."""
    return {
        "notices": Counter(str(notice.kind) for notice in latest_of(run.notices)),
        "failovers": Counter(f"{failover.kind} {failover.desired}" for failover in run.failovers),
        "followups": Counter(f"{followup.kind} {followup.state}" for followup in run.followups),
        "decisions": Counter(f"{decision.kind} {decision.reason}" for decision in run.decisions),
        "quarantine": Counter(run.quarantined),
    }
