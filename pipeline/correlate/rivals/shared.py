"""What people say of several networks at once is about none of them: a cloud, a bank, a game fails for everybody.

Its customers complain to whom they pay for the line, by name and in the words of an outage: nothing loads, since half
an hour. No figure falls, as lines are well, and what one operator hears is what it would hear if its own service
failed. It is told apart by others: of operators with networks of their own people complain as much more than usual, in
the same minutes. Two networks hardly ever fail together; whatever everybody uses fails for the customers of all.

What a reader may question: this is another explanation of the same words, so however many say them, it stays likelier
than an outage. It asks nothing where figures fall: a line that really breaks in the middle of it is found by these.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import Loudness
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import PPM

SHARED_MILLI: Final = -2_200
"""Log-odds of one to nine, thousandths of a natural log: of ten times that people complain of several networks alike
one is an outage of the operator. A judgement."""

SPEAKS_MILLI: Final = 1_000
"""A group of witnesses speaks for an outage from here on, thousandths of a natural log; where figures do, what
people say of others is not asked."""

LATELY_MS: Final = 10 * MINUTE_MS
"""What was heard so lately still counts."""

TALKED_OF_MS: Final = 6 * HOUR_MS
"""So long after such hours people may still talk of them."""

LOUD_TIMES: Final = 3
LOUD_MILLI: Final = 5_000
"""An operator is loud if three times as many complain of it in posts as usual, and at least five more, thousandths."""

USUAL_MILLI_MIN: Final = 1_000
"""Of whom hardly anybody ever complains, one post in the same time is taken for usual."""

ALIKE_TIMES: Final = 4
"""Two are alike if neither is so many times louder than the other, against its usual: who jokes about another one's
outage, or cannot reach its customers, is a twentieth of those who are hit."""

LINES_OF: Final = 2
"""If one in so many who complain names a service of the line, roaming makes nobody loud: a channel that ends everywhere
is cursed at who lets phones roam on another's masts, too. A judgement."""

PART_MIN: Final = 6
"""And if the other has at least a sixth as many complaints beyond the usual: who names a small brand makes it loud."""


def shared_by(loudness: Mapping[str, Loudness], now: int, reference: CorrelateReference) -> frozenset[str]:
    """Operators that people complain of beyond the usual as much as of another one with a network of its own.

    Who was such stays so while it is loud: what is usual of one follows such hours, and what is usual of another does
    not.

    Args:
        loudness: How many complain of each operator of a market.
        now: End of the pane, ms.
        reference: Whose network an operator runs on.
    """
    loud = {operator: said for operator, said in loudness.items() if now - said.at <= LATELY_MS and _is_loud(said)}
    return frozenset(
        operator
        for operator, mine in loud.items()
        if is_shared(mine, now)
        or any(
            _apart(operator, other, reference, roams=not (_of_lines(mine) and _of_lines(theirs)))
            and _alike(mine, theirs)
            for other, theirs in loud.items()
        )
    )


def is_shared(said: Loudness, now: int) -> bool:
    """Do people complain of an operator now as they do of others?

    Args:
        said: How many complain of it.
        now: End of the pane, ms.
    """
    return said.shared_at > 0 and now - said.shared_at <= LATELY_MS


def eased(weighings: Mapping[str, Weighing], loudness: Mapping[str, Loudness], now: int) -> Mapping[str, Weighing]:
    """The weighings, of which no place is likely to be down by what people say alone, if they say it of all.

    What became hot in such an hour is explained until it has cooled: people talk on, and belief fades slowly.

    Args:
        weighings: Weighings of a market, by name.
        loudness: How many complain of each operator, and when others were complained of alike.
        now: End of the pane, ms.
    """
    ends = {operator: said.shared_at for operator, said in loudness.items() if now - said.shared_at <= TALKED_OF_MS}
    if not ends:
        return weighings
    return {name: _eased(known, ends.get(known.operator, 0)) for name, known in weighings.items()}


def figures_speak(added_milli: Mapping[str, int]) -> bool:
    """Do figures of the network speak for an outage, by what each group of witnesses added?"""
    return added_milli.get("network", 0) >= SPEAKS_MILLI


def _eased(known: Weighing, shared_at: int) -> Weighing:
    if known.since > shared_at or figures_speak(known.added_milli) or known.disturbed_milli <= SHARED_MILLI:
        return known
    most = min(known.odds_milli, SHARED_MILLI)
    rivals = {"chatter": PPM} if known.rivals_ppm else {}
    return structs.replace(known, odds_milli=most, disturbed_milli=SHARED_MILLI, rival="chatter", rivals_ppm=rivals)


def _is_loud(said: Loudness) -> bool:
    usual = max(USUAL_MILLI_MIN, said.usual_milli)
    return said.complaints_milli >= LOUD_TIMES * usual and _beyond(said) >= LOUD_MILLI


def _beyond(said: Loudness) -> int:
    return said.complaints_milli - max(USUAL_MILLI_MIN, said.usual_milli)


def _alike(mine: Loudness, theirs: Loudness) -> bool:
    my_usual, their_usual = (max(USUAL_MILLI_MIN, said.usual_milli) for said in (mine, theirs))
    my_part, their_part = mine.complaints_milli * their_usual, theirs.complaints_milli * my_usual
    as_loud = my_part <= ALIKE_TIMES * their_part and their_part <= ALIKE_TIMES * my_part
    return as_loud and PART_MIN * _beyond(theirs) >= _beyond(mine)


def _of_lines(said: Loudness) -> bool:
    """Do most who complain name a service of the line, with which nobody roams?"""
    return LINES_OF * said.lines_milli >= said.complaints_milli


def _apart(operator: str, other: str, reference: CorrelateReference, *, roams: bool) -> bool:
    """Have two operators networks of their own, and does neither roam on the other's, if roaming is in question?"""
    mine, theirs = reference.host_of(operator), reference.host_of(other)
    if mine == theirs or not roams:
        return mine != theirs
    return reference.roams_on(mine) != theirs and reference.roams_on(theirs) != mine
