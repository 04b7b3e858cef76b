"""Turning: what stands around a cue may turn what it tells into something else.

"Restored" tells of the end. "Not restored", "will be restored", "most are restored" and "is your service restored?"
hold the same word and tell the opposite: the fault lasts, or may. So a cue that is turned has a name of its own, in all
languages the same, and the plain name is left to cues that nothing turns. Which way it turns is not decided here:
a turned cue is a feature with weights like all others.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

TURNED: Final = "/"
"""Between a cue and what turns it: `restored/ahead`."""

NEAR_CHARS: Final = 28
"""A denial turns what begins at most so far behind it: three or four words."""

TURNS: Final[Mapping[str, tuple[str, ...]]] = {
    "restored": ("neg", "relapse", "supposed", "ahead", "partial"),
    "fault": ("neg", "supposed", "elsewhere", "past"),
    "down": ("neg", "supposed", "elsewhere", "possible"),
}
"""What may turn a cue, the first that is found counts: a denial before it, the others anywhere in its sentence."""

ASKED: Final = "supposed"
"""A sentence that asks supposes what it says."""

AHEAD: Final = "ahead"

ONLY_TURN: Final = frozenset(
    ("ahead", "partial", "possible", "supposed", "elsewhere", "me", "you", "you_one", "you_all")
)
"""Cues of words so common that what follows them tells nothing: they turn others, and count by themselves."""


class CueHit(NamedTuple):
    """Where a cue stands in the folded words."""

    start: int
    end: int
    cue: str


def turned(hits: Sequence[CueHit], *, asks: bool, promises: bool) -> list[CueHit]:
    """The cues of one sentence, with the names of those that are turned.

    Args:
        hits: In order of start.
        asks: The sentence ends with a question mark.
        promises: The post promises an end.
    """
    there = {hit.cue for hit in hits}
    there.update(name for name, said in ((ASKED, asks), (AHEAD, promises)) if said)
    denials = [hit for hit in hits if hit.cue == "neg"]
    return [_turned(hit, there, denials) for hit in hits]


def _turned(hit: CueHit, there: set[str], denials: Sequence[CueHit]) -> CueHit:
    for turn in TURNS.get(hit.cue, ()):
        if _denied(hit, denials) if turn == "neg" else turn in there:
            return hit._replace(cue=f"{hit.cue}{TURNED}{turn}")
    return hit


def _denied(hit: CueHit, denials: Sequence[CueHit]) -> bool:
    return any(0 <= hit.start - denial.end <= NEAR_CHARS for denial in denials)
