"""Which operator has the outage, and who is down only because it runs on another's network."""

from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.published.incident_parts import OperatorRole
from pipeline.records.published.incidents import OPERATORS_MAX


def principal(dossier: Dossier, reference: CorrelateReference) -> str:
    """The operator whose outage it is: a host before the hosted, then who has most evidence; '' if none is known."""

    def order(operator: str) -> tuple[bool, int, str]:
        hosted = reference.host_of(operator) != operator and reference.host_of(operator) in dossier.operators
        return (hosted, -dossier.operators[operator], operator)

    return min(dossier.operators, key=order, default="")


def roles_of(dossier: Dossier, reference: CorrelateReference) -> tuple[OperatorRole, ...]:
    """Operators of an incident with their roles, the one whose outage it is first; as many as a record shows."""
    first = principal(dossier, reference)
    roles = []
    for operator in sorted(dossier.operators, key=lambda operator: (operator != first, operator))[:OPERATORS_MAX]:
        host = reference.host_of(operator)
        hosted = host != operator and host in dossier.operators
        role = OperatorRole(operator=operator, role="hosted" if hosted else "primary", host=host if hosted else None)
        roles.append(role)
    return tuple(roles)
