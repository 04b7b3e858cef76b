"""The pane at work: what "now" is, what is known beforehand, and where outputs and reasons go.

"Why was I (not) told?" is what users of other tools ask most, so no incident opens, changes its state or severity,
merges or splits, no order is obeyed or refused, and nothing that could open an incident is held back without a
decision and its reason. What else is worth a revision at once (another service or operator, the operator's own
words, a window) stands in that revision alone; what may wait a minute has a decision (`tell/revision.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import Loudness, MarketState, OpenIncident
from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.ids import content_id
from pipeline.records.inner.weighings import Weighing
from pipeline.records.published.decisions import Decision
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import FINAL, DecisionKind, DecisionReason


class Eased(NamedTuple):
    """What is believed of hot places, and of what it was worked out.

    Attributes:
        weighings: Weighings of the market, by name.
        loudness: How many complain of each of its operators.
        told: The weighings as they are believed.
    """

    weighings: Mapping[str, Weighing]
    loudness: Mapping[str, Loudness]
    told: Mapping[str, Weighing]


@dataclass(slots=True, kw_only=True)
class PaneAtWork:
    """One pane end of one market, while it is worked.

    Attributes:
        at: Its end: the rules' "now", in milliseconds.
        market: State of the market; changes in place.
        config: Settings.
        reference: What is known beforehand.
        touched: Ids of incidents that something happened to.
        outputs: Changes and decisions, in the order in which they are written.
        eased: What is believed of its hot places, worked out once; None before anybody asked.
    """

    at: int
    market: MarketState
    config: CorrelateConfig
    reference: CorrelateReference
    touched: set[str] = field(default_factory=set)
    outputs: list[object] = field(default_factory=list)
    eased: Eased | None = None

    def decide(  # noqa: PLR0913 - all but the first three are said by name
        self,
        kind: DecisionKind,
        reason: DecisionReason,
        text: str,
        *,
        about: OpenIncident | str,
        by: str = "",
        extra: str = "",
        exercise: bool = False,
    ) -> None:
        """Write down what was done or left undone.

        Args:
            kind: What was done.
            reason: Reason of the closed list.
            text: Why, in words, with the numbers; cut at 200 characters.
            about: An incident, or the name of a target or series.
            by: Who asked for it.
            extra: Tells two decisions of one moment apart.
            exercise: Part of an exercise; of an incident its own mark decides.
        """
        incident = about if isinstance(about, OpenIncident) else None
        subject = incident.incident_id if incident else clipped(str(about) or self.market.market, 400)
        self.outputs.append(
            Decision(
                decision_id=content_id("correlate", kind.value, subject, reason.value, self.at, extra),
                stage="correlate",
                kind=kind,
                subject=subject,
                reason=reason,
                text=clipped(text),
                at=Instant(self.at),
                market=self.market.market,
                incident_id=subject if incident else None,
                revision=incident.publication.revision or None if incident else None,
                by=clipped(by, 64) or None,
                exercise=incident.identity.exercise if incident else exercise,
            )
        )

    def incident(self, incident_id: str) -> OpenIncident | None:
        """The incident of an id that is not over; None if there is none, or if it was ended in this very pane."""
        named = (incident for incident in self.market.incidents if incident.incident_id == incident_id)
        return next((incident for incident in named if incident.state not in FINAL), None)

    def guard(self, incident: OpenIncident, rule: Callable[[OpenIncident], object]) -> bool:
        """Run a rule on a copy of an incident, and keep the copy if it succeeds; see `guard_all`."""
        return self.guard_all((incident,), rule)

    def guard_all(self, incidents: Sequence[OpenIncident], rule: Callable[..., object]) -> bool:
        """Run a rule on copies of incidents, and keep all copies if it succeeds, none if it fails.

        A rule that raises costs its incidents this pane, never the market: they
        go on as they were, outputs of the failed rule are taken back.

        Args:
            incidents: Some of the market's; they stay as they were.
            rule: Changes the copies that it is given, one argument each, in the same order.

        Returns:
            True if the rule succeeded.

        Raises:
            StateError: Our own broken state still stops the process.
        """
        drafts = [incident.copy() for incident in incidents]
        said = len(self.outputs)
        try:
            rule(*drafts)
        except StateError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of one rule must not stop a whole market
            del self.outputs[said:]
            words = f"a rule raised {type(error).__name__}: {error}: the incident goes on as it was"
            for incident in incidents:
                self.decide(
                    DecisionKind.SUPPRESSED, DecisionReason.RULE_FAILED, words, about=incident, extra=repr(error)[:80]
                )
            return False
        for incident, draft in zip(incidents, drafts, strict=True):
            self.market.incidents = [draft if known is incident else known for known in self.market.incidents]
            self.touched.add(draft.incident_id)
        return True
