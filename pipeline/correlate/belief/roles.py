"""Which operator has the outage, and who is down only because it runs on another's network."""

from msgspec import structs

from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.published.incident_parts import OperatorRole
from pipeline.records.published.incidents import OPERATORS_MAX


def principal(dossier: Dossier, reference: CorrelateReference) -> str:
    """The operator whose outage it is: a host before its guests, then who has most evidence; '' if none is known."""

    def order(operator: str) -> tuple[bool, int, str]:
        return (bool(_carrier(operator, dossier, reference)), -dossier.operators[operator], operator)

    return min(dossier.operators, key=order, default="")


def roles_of(dossier: Dossier, reference: CorrelateReference) -> tuple[OperatorRole, ...]:
    """Operators of an incident with their roles, the one whose outage it is first; as many as a record shows."""
    first = principal(dossier, reference)
    roles = []
    for operator in sorted(dossier.operators, key=lambda operator: (operator != first, operator))[:OPERATORS_MAX]:
        carrier = _carrier(operator, dossier, reference)
        roles.append(OperatorRole(operator=operator, role="hosted" if carrier else "primary", host=carrier or None))
    return tuple(roles)


def without_roaming(dossier: Dossier, reference: CorrelateReference) -> Dossier:
    """A dossier without operators that are down only where they roam: nobody states how many of theirs are there."""
    roaming = {
        operator for operator in dossier.operators if (reference.roams_on(operator) or None) in dossier.operators
    }
    if not roaming:
        return dossier
    operators = {name: count for name, count in dossier.operators.items() if name not in roaming}
    return structs.replace(dossier, operators=operators)


def _carrier(operator: str, dossier: Dossier, reference: CorrelateReference) -> str:
    """On whose network it is down: another operator of the incident; '' if its own has failed."""
    host = reference.host_of(operator)
    carriers = [reference.roams_on(operator), host if host != operator else ""]
    return next((carrier for carrier in carriers if carrier in dossier.operators and carrier), "")
