"""Does a run show what is asked of Tocsin? Done, with the evidence, or missing, with what is not there.

A verdict is a function of the run's files and of the truth beside them; none
is written down beforehand. What a run cannot show - an exercise in a world without
one - is missing too: a story tells only what it can prove.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipeline.stories.evidence import StoryEvidence

NOT_FOUND: Final = "no incident about this outage was found"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the run says to one sentence.

    Attributes:
        done: Does the run show it?
        text: The evidence, or what is missing.
    """

    done: bool
    text: str


def done(text: str) -> Answer:
    """The run shows it."""
    return Answer(True, text)


def missing(text: str) -> Answer:
    """The run does not show it."""
    return Answer(False, text)


Check = Callable[[StoryEvidence], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that is asked of Tocsin.

    Attributes:
        sentence: What is asked, in a sentence.
        check: Looks for it in a run that has an incident about the outage.
        of_outage: False if a run without such an incident can show it as well.
    """

    sentence: str
    check: Check
    of_outage: bool = True

    def judge(self, evidence: StoryEvidence) -> Answer:
        """Look for it; without an incident nothing can be there of what is asked about the outage."""
        if self.of_outage and evidence.head is None:
            heard = evidence.heard_of_it()
            return missing(f"{NOT_FOUND}: {heard}" if heard else NOT_FOUND)
        return self.check(evidence)
