"""What is believed of hot places in a pane, once it is known what people say of several networks at once."""

from collections.abc import Mapping

from pipeline.correlate.rivals.shared import eased, is_shared
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Eased, PaneAtWork
from pipeline.records.inner.weighings import Weighing


def believed(pane: PaneAtWork, incident: OpenIncident | None = None) -> Mapping[str, Weighing]:
    """The weighings of places that are hot, by name: of whom people complain as of others, figures alone are believed.

    Args:
        pane: The pane at work.
        incident: For whom it is asked: of one that has been confirmed people are believed as ever, since an outage
            does not end because something else fails as well. None where nothing is a fact yet.
    """
    market = pane.market
    if incident is not None and incident.course.settled:
        return market.weighings
    known = pane.eased
    if known is None or known.weighings is not market.weighings or known.loudness is not market.loudness:
        told = eased(market.weighings, market.loudness, pane.at)
        known = pane.eased = Eased(market.weighings, market.loudness, told)
    return known.told


def is_complained_of_alike(operator: str, pane: PaneAtWork) -> bool:
    """Do people complain of an operator now as they do of others?

    Args:
        operator: Id of the operator.
        pane: The pane at work.
    """
    said = pane.market.loudness.get(operator)
    return said is not None and is_shared(said, pane.at)
