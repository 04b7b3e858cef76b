"""How many false incidents an operator has in a month under the bars as they are set, by service.

Confirmed ones are too rare to be counted. Suspicions that were ever likelier than not, and false, can be. A belief that
keeps its promise is falsely beyond odds of o one o-th as often as beyond even odds, so from these follows how many lie
beyond each bar.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.evaluate.calibrating.moments import JudgedIncident
from pipeline.reference.belief import NAMED, OTHER, BeliefTable

UNSEEN: Final = 1.0
"""One more than were seen is counted, where figures spoke: that none was seen promises nothing. And each service counts
as if one of it had been seen when they are shared out, as some dozens of worlds hardly tell services apart."""


def false_suspicions(judged: Iterable[JudgedIncident], table: BeliefTable) -> list[JudgedIncident]:
    """False ones that were ever likelier than not, by what is told.

    Args:
        judged: All that are judged.
        table: What is told by.
    """
    return [
        incident
        for incident in judged
        if not incident.real and incident.moments and table.told_milli(incident.moments[-1].said_milli) >= 0
    ]


def false_incidents(
    false: Sequence[JudgedIncident], operator_months: float, measured_bar: float, unmeasured_bar: float
) -> dict[str, float]:
    """False confirmed incidents of one operator in 30 days, by service; `other` for what names none.

    Args:
        false: False suspicions that were ever likelier than not.
        operator_months: How long how many operators were watched, in units of 30 days.
        measured_bar: Probability from which on a suspicion is confirmed where figures speak for it.
        unmeasured_bar: The same where people alone do.
    """
    seen = dict.fromkeys(NAMED, UNSEEN)
    beyond = UNSEEN * (1.0 - measured_bar) / measured_bar
    for incident in false:
        bar, services = measured_bar if incident.measured else unmeasured_bar, incident.services or (OTHER,)
        beyond += (1.0 - bar) / bar
        for service in services:
            seen[service] += 1.0 / len(services)
    part = beyond / operator_months / sum(seen.values())
    return {service: round(part * count, 4) for service, count in seen.items()}
