"""What is kept from step to step of a place and service that is hot."""

import msgspec

from pipeline.detect.account.shown import Showing


class Account(msgspec.Struct):
    """What is believed of one place and service.

    Attributes:
        belief: Over the states, after the last step.
        at: End of that step, ms.
        since: Start of the step that made it hot, ms.
        added: Group of witnesses to what it added to the log-odds of an outage, natural log, and tickets and calls to
            what each would have added alone; older words fade.
        told: True if the last step was worth telling to CORRELATE.
        down_at: End of the last step in which its figures, or without any the belief, spoke for an outage, ms.
        showing: The share of its customers that its figures show, since they first spoke for an outage; None before.
        item_at: End of the last step in which remarkably many complained of one item of it, ms; 0 for none.
    """

    belief: list[float]
    at: int
    since: int
    added: dict[str, float] = {}
    told: bool = False
    down_at: int = 0
    showing: Showing | None = None
    item_at: int = 0
