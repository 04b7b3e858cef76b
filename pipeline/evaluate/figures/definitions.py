"""All figures: the name of each, its unit, and how it is made.

A ratio over nothing and a quantile of nothing are None: "no figure", not 0
and not 1. What is asked of outages *found* says so in its name or title, and
stands beside the recall that it depends on: a rule that finds only the easy
ones has fine delays.
"""

from collections.abc import Callable, Iterable
from typing import Final

from pipeline.evaluate.figures.calibration import brier, calibration_error
from pipeline.evaluate.figures.makers import flag, found_with, known, of_truth, pair, pooled, share, sums
from pipeline.evaluate.figures.shapes import Definition, Pooled, Quantile, Ratio, Total
from pipeline.evaluate.judging.facts import IncidentScore, OutageScore, WorldScore
from pipeline.evaluate.judging.matching import FALSE

SUSPECTED_BAR_SECONDS: Final = 120
CONFIRMED_BAR_SECONDS: Final = 300
EMERGENCY_BAR_SECONDS: Final = 60
"""Our bars: 2 minutes to suspect, 5 to confirm, from the first visible effect; 60 s for emergency calls."""

EARLY_EVIDENCE_SECONDS: Final = 60
"""Evidence of an outage cannot be older than it; a minute is a pane's length and a clock's error."""

MONTH_DAYS: Final = 30


def is_false(incident: IncidentScore) -> bool:
    """Is it about nothing real?"""
    return incident.verdict in FALSE


def _precision(*, confirmed: bool) -> Ratio:
    """Found incidents over found and false ones: splits neither help nor hurt, they are counted apart."""

    def parts(world: WorldScore) -> tuple[float, float]:
        kept = [incident for incident in world.incidents if incident.confirmed or not confirmed]
        found = sum(incident.verdict == "found" for incident in kept)
        return found, found + sum(is_false(incident) for incident in kept)

    return Ratio(parts)


def _evidence(source: str) -> Quantile:
    return Quantile(
        lambda world: [
            outage.evidence_seconds[source] for outage in of_truth(world) if source in outage.evidence_seconds
        ],
        0.5,
    )


def _lead(source: str) -> Quantile:
    """Of our own ledger alone: a log has it, too."""

    def values(world: WorldScore) -> list[float]:
        leads = [outage.lead_over_tickets_seconds for outage in world.outages]
        return [lead[source] for lead in leads if source in lead]

    return Quantile(values, 0.5)


def _log_lead(field: str, part: float) -> Quantile:
    """How much earlier than a row of an operator's own log we were: only logs begin when somebody noticed."""

    def values(world: WorldScore) -> list[float]:
        found = [getattr(outage, field) for outage in world.outages] if world.known == "log" else []
        return [-seconds for seconds in found if seconds is not None]

    return Quantile(values, part)


def _early_evidence(world: WorldScore) -> tuple[float, float]:
    rows = [at for outage in of_truth(world) for at in outage.evidence_seconds.values()]
    return sum(at < -EARLY_EVIDENCE_SECONDS for at in rows), len(rows)


def _best_lead(world: WorldScore) -> list[float]:
    return [
        max(outage.lead_over_tickets_seconds.values()) for outage in world.outages if outage.lead_over_tickets_seconds
    ]


def _in_time(field: str, bar: int) -> Ratio:
    def good(outage: OutageScore) -> bool:
        seconds = getattr(outage, field)
        return seconds is not None and seconds <= bar

    return share(lambda outage: outage.visible_at is not None, good)


def _false_rate(counts: Callable[[IncidentScore], bool]) -> Ratio:
    """False incidents that count, over operators and months."""

    def parts(world: WorldScore) -> tuple[float, float]:
        count = sum(is_false(incident) and counts(incident) for incident in world.incidents)
        return count, world.operators * world.days / MONTH_DAYS

    return Ratio(parts)


def _steps(world: WorldScore) -> tuple[float, float]:
    steps = [outage.severity_steps for outage in world.outages if outage.severity_steps is not None]
    return sum(map(abs, steps)), len(steps)


def _false_emergency(world: WorldScore) -> int:
    wrong = sum(bool(outage.emergency_false) for outage in world.outages)
    calm = {outage.outage_id for outage in of_truth(world) if outage.emergency_found is None}
    return wrong + sum(
        incident.says_emergency and (is_false(incident) or (incident.verdict == "split" and incident.outage_id in calm))
        for incident in world.incidents
    )


def _healthy(world: WorldScore) -> int:
    return sum(len(outage.healthy_named) for outage in world.outages) + sum(
        incident.verdict == "collateral" for incident in world.incidents
    )


def _verdicts(*wanted: str, confirmed: bool | None = None) -> Total:
    """How many incidents; of a world without any it is 0, and that is a figure."""
    return Total(
        lambda world: sum(
            incident.verdict in wanted and confirmed in (None, incident.confirmed) for incident in world.incidents
        ),
        lambda _: 1,
    )


def _found_and_false() -> Iterable[Definition]:
    every: Callable[[OutageScore], bool] = lambda _: True  # noqa: E731 - a condition that always holds
    confirmed: Callable[[OutageScore], bool] = lambda outage: outage.fate == "confirmed"  # noqa: E731 - said often below
    yield Definition("recall", "found", "outages confirmed", "share", share(every, confirmed))
    yield Definition(
        "recall_severe", "found", "severe outages confirmed", "share", share(lambda outage: outage.severe, confirmed)
    )
    yield Definition(
        "recall_visible",
        "found",
        "outages confirmed that could be seen",
        "share",
        share(lambda outage: outage.visible_at is not None, confirmed),
    )
    yield Definition(
        "recall_suspected",
        "found",
        "outages suspected or confirmed",
        "share",
        share(every, lambda outage: outage.found),
    )
    yield Definition("merged", "found", "outages merged into another's incident", "count", _fates("merged"))
    yield Definition("missed", "found", "outages missed", "count", _fates("missed"))
    told: Callable[[OutageScore], bool] = lambda outage: outage.fate != "missed"  # noqa: E731 - as above
    once: Callable[[OutageScore], bool] = lambda outage: outage.found and not outage.splits  # noqa: E731 - as above
    yield Definition("told_once", "found", "outages told as one incident of their own", "share", share(told, once))
    yield Definition("splits", "found", "further incidents about the same outage", "count", _verdicts("split"))
    yield Definition("precision", "false", "confirmed incidents that were real", "share", _precision(confirmed=True))
    yield Definition(
        "precision_suspected", "false", "all opened incidents that were real", "share", _precision(confirmed=False)
    )
    yield Definition(
        "false_confirmed_rate",
        "false",
        "false confirmed incidents",
        "per_operator_month",
        _false_rate(lambda incident: incident.confirmed),
    )
    yield Definition(
        "false_suspected_rate",
        "false",
        "false suspicions, never confirmed",
        "per_operator_month",
        _false_rate(lambda incident: not incident.confirmed and not incident.faint),
    )
    faint = _false_rate(lambda incident: incident.faint)
    yield Definition("faint_rate", "false", "questions about nothing, never 5 % sure", "per_operator_month", faint)
    yield Definition(
        "false_confirmed", "false", "false confirmed incidents", "count", _verdicts(*FALSE, confirmed=True)
    )
    yield Definition(
        "traps_withstood",
        "false",
        "traps without a confirmed incident",
        "share",
        Ratio(lambda world: (sum(not trap.confirmed for trap in world.traps), len(world.traps))),
    )


def _fates(fate: str) -> Total:
    return Total(lambda world: sum(outage.fate == fate for outage in world.outages), lambda world: len(world.outages))


def _delays_and_leads() -> Iterable[Definition]:
    yield from pair("suspected_seconds", "delay", "from the true start to suspected")
    yield from pair("confirmed_seconds", "delay", "from the true start to confirmed")
    yield from pair("suspected_visible_seconds", "delay", "from the first visible effect to suspected")
    yield from pair("confirmed_visible_seconds", "delay", "from the first visible effect to confirmed")
    for stage, bar in (("suspected", SUSPECTED_BAR_SECONDS), ("confirmed", CONFIRMED_BAR_SECONDS)):
        how = _in_time(f"{stage}_visible_seconds", bar)
        title = f"visible outages {stage} within {bar // 60} min of it"
        yield Definition(f"{stage}_in_time", "delay", title, "share", how)
    for source in ("telemetry", "mentions", "tickets"):
        title = f"from the true start to the first evidence in {source}, median"
        yield Definition(f"evidence_{source}_p50", "lead", title, "seconds", _evidence(source))
    for source in ("telemetry", "mentions"):
        title = f"lead of {source} over the first ticket, median"
        yield Definition(f"lead_{source}_p50", "lead", title, "seconds", _lead(source))
    for part, word in ((0.5, "median"), (0.1, "10th percentile")):
        best = Quantile(_best_lead, part)
        title = f"lead of the first other source over the first ticket, {word}"
        yield Definition(f"lead_over_tickets_p{round(part * 100)}", "lead", title, "seconds", best)
    title = "first evidence that is older than the outage"
    yield Definition("evidence_early", "lead", title, "share", Ratio(_early_evidence))
    for stage in ("suspected", "confirmed"):
        for part, word in ((0.5, "median"), (0.1, "10th percentile")):
            title = f"lead over the operator's log, {stage}, {word}"
            ahead = _log_lead(f"{stage}_seconds", part)
            yield Definition(f"log_lead_{stage}_p{round(part * 100)}", "lead", title, "seconds", ahead)
    title = "lead of our confirmation over the operator's first word, median"
    yield Definition("lead_over_operator_p50", "lead", title, "seconds", known("lead_over_operator_seconds", 0.5))


def _place_and_what() -> Iterable[Definition]:
    placed = found_with("place")
    for relation, words in (
        ("exact", "place exact"),
        ("ancestor", "place too wide"),
        ("descendant", "place too narrow"),
        ("wrong", "place wrong"),
    ):
        yield Definition(f"place_{relation}", "place", words, "share", share(placed, _is_relation(relation)))
    yield Definition(
        "smallest_right",
        "place",
        "first of the smallest areas named is right",
        "share",
        share(found_with("smallest_right"), lambda outage: outage.smallest_right),
    )
    yield Definition(
        "areas_precision", "place", "named areas that are right", "share", sums("areas_right", "areas_named")
    )
    yield Definition(
        "areas_recall", "place", "customers hit in named areas", "share", sums("customers_covered", "customers_hit")
    )
    for field in ("extent", "nature", "cause"):
        key = f"{field}_right"
        yield Definition(key, "what", f"{field} right", "share", share(found_with(key), flag(key)))
    services = ("services_right", "services_named"), ("services_right", "services_true")
    yield Definition("services_precision", "what", "named services that were down", "share", sums(*services[0]))
    yield Definition("services_recall", "what", "services down that are named", "share", sums(*services[1]))
    items = ("items_right", "items_named"), ("items_right", "items_true")
    yield Definition(
        "items_precision", "what", "named channels and technologies that were down", "share", sums(*items[0])
    )
    yield Definition("items_recall", "what", "channels and technologies down that are named", "share", sums(*items[1]))
    held = "customers_held"
    title = "interval of customers affected that holds the truth"
    yield Definition(held, "what", title, "share", share(found_with(held), flag(held)))
    yield Definition(
        "roles_right", "what", "operators down with the right role", "share", sums("roles_right", "roles_true")
    )
    yield Definition(
        "roles_mixed",
        "what",
        "operators whose role was mixed up",
        "count",
        Total(
            lambda world: sum(outage.roles_mixed for outage in world.outages),
            lambda world: sum(outage.roles_true for outage in world.outages),
        ),
    )
    yield Definition(
        "healthy_named",
        "what",
        "healthy operators said to be down",
        "count",
        Total(_healthy, lambda world: len(of_truth(world))),
    )


def _is_relation(relation: str) -> Callable[[OutageScore], bool]:
    return lambda outage: outage.place == relation


def _in_emergency(outage: OutageScore) -> bool:
    return outage.emergency_seconds is not None and outage.emergency_seconds <= EMERGENCY_BAR_SECONDS


def _the_rest() -> Iterable[Definition]:
    hit: Callable[[OutageScore], bool] = lambda outage: outage.emergency_found is not None  # noqa: E731 - said twice
    yield Definition(
        "emergency_found", "emergency", "emergency outages told as such", "share", share(hit, flag("emergency_found"))
    )
    yield Definition(
        "emergency_in_time",
        "emergency",
        f"... within {EMERGENCY_BAR_SECONDS} s of the claim that sufficed",
        "share",
        share(hit, _in_emergency),
    )
    yield Definition(
        "emergency_false",
        "emergency",
        "incidents that wrongly say emergency calls fail",
        "count",
        Total(_false_emergency, lambda world: len(world.incidents)),
    )
    yield from pair("start_error_seconds", "times", "error of the start, either way", absolute=True)
    yield from pair("end_error_seconds", "times", "error of the end, either way", absolute=True)
    followed = found_with("cleared_early")
    yield Definition(
        "cleared_early",
        "times",
        "all-clear while more than 5 % of the hit are down",
        "share",
        share(followed, flag("cleared_early")),
    )
    title = "areas said to be back while more than 5 % of those hit there are down"
    yield Definition("backs_early", "times", title, "share", sums("backs_early", "backs_said"))
    title = "minutes in which the interval of customers holds the truth"
    yield Definition("course_held", "times", title, "share", sums("course_held", "course_told"))
    title = "minutes in which the estimate of the end holds it"
    yield Definition("eta_held", "times", title, "share", sums("eta_held", "eta_told"))
    title = "... if it were how long others took, whatever had passed"
    yield Definition("eta_plain_held", "times", title, "share", sums("eta_plain_held", "eta_told"))
    title = "error of the likely end as told from three hours on, median"
    yield Definition("eta_error_p50", "times", title, "seconds", pooled("eta_errors", 0.5))
    title = "... if it were how long half of others took, median"
    yield Definition("eta_plain_error_p50", "times", title, "seconds", pooled("eta_plain_errors", 0.5))
    graded = found_with("severity_steps")
    yield Definition(
        "severity_exact",
        "severity",
        "severity exact",
        "share",
        share(graded, lambda outage: outage.severity_steps == 0),
    )
    yield Definition("severity_off", "severity", "severity off by, mean", "steps", Ratio(_steps))
    yield Definition(
        "severity_too_mild",
        "severity",
        "severity too mild",
        "share",
        share(graded, lambda outage: (outage.severity_steps or 0) < 0),
    )
    yield Definition("brier", "calibration", "Brier score of the confidence", "score", Pooled(brier))
    yield Definition("ece", "calibration", "expected calibration error", "score", Pooled(calibration_error))


FIGURES: Final = (*_found_and_false(), *_delays_and_leads(), *_place_and_what(), *_the_rest())
"""All figures, in the order in which they are shown."""
