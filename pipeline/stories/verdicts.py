"""Does a run show what is asked of Tocsin? Done, with the evidence, or missing, with what is not there.

A verdict is a function of the run's files and of the truth beside them; none
is written down beforehand. What a run cannot show - a drill in a world without
one - is missing too: a story tells only what it can prove.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipeline.stories.evidence import Evidence

NOT_FOUND: Final = "no incident about this outage was found"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the run says to one sentence.

    Attributes:
        done: Does the run show it?
        text: The evidence, or what is missing.
    """

    done: bool
    text: str


def done(text: str) -> Verdict:
    """The run shows it."""
    return Verdict(True, text)


def missing(text: str) -> Verdict:
    """The run does not show it."""
    return Verdict(False, text)


Check = Callable[[Evidence], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that is asked of Tocsin.

    Attributes:
        sentence: What is asked, in a sentence.
        check: Looks for it in a run that has an incident about the outage.
    """

    sentence: str
    check: Check

    def judge(self, evidence: Evidence) -> Verdict:
        """Look for it; without an incident nothing of it can be there."""
        return missing(NOT_FOUND) if evidence.head is None else self.check(evidence)
