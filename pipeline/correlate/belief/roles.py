"""Which operator has the outage, and who is down only because it runs on another's network."""

from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.records.published.incident_parts import (
    OperatorRole,
)
from pipeline.records.published.incidents import (
    OPERATORS_MAX,
)


def principal(incident: OpenIncident, reference: CorrelateReference) -> str:
    """The operator whose outage it is: a host before the hosted, then who has most evidence; '' if none is known."""

    def order(operator: str) -> tuple[bool, int, str]:
        hosted = reference.host_of(operator) != operator and reference.host_of(operator) in incident.operators
        return (hosted, -incident.operators[operator], operator)

    return min(incident.operators, key=order, default="")


def roles_of(incident: OpenIncident, reference: CorrelateReference) -> tuple[OperatorRole, ...]:
    """Every operator of an incident with its role, the one whose outage it is first."""
    first = principal(incident, reference)
    roles = []
    for operator in sorted(incident.operators, key=lambda one: (one != first, one))[:OPERATORS_MAX]:
        host = reference.host_of(operator)
        hosted = host != operator and host in incident.operators
        role = OperatorRole(operator=operator, role="hosted" if hosted else "primary", host=host if hosted else None)
        roles.append(role)
    return tuple(roles)
