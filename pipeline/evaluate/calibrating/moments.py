"""What was said at which moment of an incident, and whether it was real.

A forecast must be of a moment that can be told as it comes, else hindsight chooses it: the last word before a suspicion
is dropped is only known to be the last when it is dropped. So forecasts are the moments at which a suspicion is surer
than it has ever been, up to its confirmation. After that the number stays where it was, and proves nothing.

What was known of the truth is a simulated world, an operator's own log, or nothing but what people of the operator
said of its incidents: confirmed or dismissed by a person.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.correlate.rivals.shared import figures_speak
from pipeline.evaluate.judging.scored import Histories, ScoredRun
from pipeline.records.published.incidents import Incident
from pipeline.reference.belief import BeliefTable

_BY_PERSON: Final = "command"


class Prediction(NamedTuple):
    """One forecast.

    Attributes:
        said_milli: Log-odds of an outage as the account had them, thousandths of a natural log.
        real: Was it about an outage?
    """

    said_milli: int
    real: bool


class JudgedIncident(NamedTuple):
    """One incident of which somebody knows whether it was real.

    Attributes:
        moments: Its forecasts, in order; the last is the surest before it was confirmed or dropped.
        services: Services that it named at last.
        measured: Did figures of the network speak for it, at its surest moment?
    """

    real: bool
    moments: tuple[Prediction, ...]
    services: tuple[str, ...]
    measured: bool


def judged_of(run: ScoredRun, table: BeliefTable) -> Iterator[JudgedIncident]:
    """Incidents of a run whose truth is known, without exercises, announced work and those of others.

    Args:
        run: A simulated world, or a run beside an operator's log.
        table: What the run told by.
    """
    real = {incident.incident_id: incident.real for incident in run.score.incidents}
    for rows in run.histories:
        known = real.get(rows[0].incident_id) if rows else None
        if known is not None:
            yield _judged(rows, known, table)


def judged_by_people(histories: Histories, table: BeliefTable) -> Iterator[JudgedIncident]:
    """Incidents of a run that a person confirmed or dismissed, and no others.

    Args:
        histories: For each incident its revisions, rising.
        table: What the run told by.
    """
    for rows in histories:
        steps = [step for row in rows for step in row.state_history if step.reason == _BY_PERSON]
        states = {str(step.state) for step in steps}
        if "dismissed" in states or "confirmed" in states:
            yield _judged(rows, "dismissed" not in states, table)


def _judged(rows: Sequence[Incident], real: bool, table: BeliefTable) -> JudgedIncident:
    moments: list[Prediction] = []
    measured = False
    for row in rows:
        card = row.evidence_card
        if card is not None and str(row.state) in ("suspected", "confirmed"):
            said = table.said_milli(card.log_odds_milli)
            if not moments or said > moments[-1].said_milli:
                moments.append(Prediction(said, real))
                measured = figures_speak({part.group: part.added_milli for part in card.contributions})
        if row.confirmed_at is not None:
            break
    return JudgedIncident(real, tuple(moments), tuple(map(str, rows[-1].services)), measured)
