"""Holding back: talk that stands out and is no anomaly, told once a burst with why.

Talk of a town stands out for any reason, and few people are no crowd. CORRELATE hears of either only where an outage is
likely; elsewhere nothing would follow from it, and nobody would know that it was seen.
"""

from pipeline.detect.account.keeping import LIKELY_ABOVE
from pipeline.detect.detectors.detector import Verdict
from pipeline.detect.state import HeardSeries
from pipeline.records.inner.anomalies import BURST_PAUSE_MS


def begins_burst(heard: HeardSeries, end: int) -> bool:
    """Does a series that is held back begin a burst with this step? Asked once a step.

    Args:
        heard: The series; remembers the step.
        end: End of the step, ms.
    """
    begins = not heard.held_at or end - heard.held_at >= BURST_PAUSE_MS
    heard.held_at = end
    return begins


def words_of(verdict: Verdict, people: int, least: int) -> str:
    """Why what stands out was held back.

    Args:
        verdict: What its leading detector says.
        people: How many have spoken since the last pause; no more than are asked for.
        least: From how many on they are a crowd.
    """
    seen = f"stands out ({verdict.observed:.0f}, expected {verdict.expected:.2f}, surprise {verdict.surprise:.1f})"
    if people < least:
        return f"{seen}, but {people} of at least {least} people spoke"
    return f"{seen}: talk of a town, and an outage has a probability below {LIKELY_ABOVE} there"
