"""Who claims the same, and whether they are two people or one voice.

Two people who say that help cannot be called make an alarm. Who passes on what somebody else wrote has
seen nothing: a text that goes round counts once, however many send it on.

On a day of warnings thousands speak of emergencies, and a small part of what they write is misread. How many of them
are in doubt tells how many may be: the more, the more people an alarm takes.

What a reader may question: a short text counts for each who writes it, since two who cannot call for help
may well use the same five words; only a long one, or one that says it is passed on, is a copy.

Source:
    M. Greenwood, G. Yule, Journal of the Royal Statistical Society 83 (1920), 255-279 (counts whose rate differs).
"""

import math
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from pipeline.correlate.config import CorrelateConfig, EmergencyConfig
from pipeline.correlate.evidence.claims import SURE_MILLI
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.ids import content_id
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.series import is_within

COPY_WORDS_MIN: Final = 8
"""Words from which on the same text of two people is no chance; a judgement."""

WORDS_COMPARED: Final = 12
"""Words by which a text is known: what is added behind them, or cut off, makes no other text of it."""

SURE_ODDS: Final = 9
"""Odds of a voice of whom two make an alarm: nine in ten. What is sure by little is misread more often: questions
whether a phone calls 112 at all, and how somebody is meant to with a dead line, are at 750 to 890 permille."""

LIKELY_PERMILLE: Final = 500
"""Probability from which on a claim in doubt is likelier one than none."""

_PASSED_ON: Final = re.compile(r"\brt:? ?@\S*")
"""How a text says that it is somebody else's; "RT if you know" only asks to pass it on."""

_ADDRESSES: Final = ("@", "http://", "https://")
_WORD: Final = re.compile(r"[^\W_]+")


def are_alike(
    claim: EmergencyClaim, other: EmergencyClaim, config: CorrelateConfig, reference: CorrelateReference
) -> bool:
    """Are two claims about the same network, or, where one of them names none, about the same place?

    Args:
        claim: One.
        other: The other.
        config: What is near.
        reference: Hosts, and where places lie.
    """
    if claim.operator and other.operator:
        return are_one_network(claim.operator, other.operator, reference)
    if is_within(claim.area, other.area) or is_within(other.area, claim.area):
        return True
    km = reference.distance_km(claim.area, other.area)
    return km is not None and km <= config.borders.radius_km


def are_one_network(operator: str, other: str, reference: CorrelateReference) -> bool:
    """Are two operators the same, or is one the host of the other?

    Args:
        operator: Id of one.
        other: Id of the other.
        reference: Hosts.
    """
    hosts = {reference.host_of(operator), reference.host_of(other)}
    return operator == other or (bool(hosts & {operator, other}) and len(hosts) == 1)


def names_of(claim: EmergencyClaim) -> tuple[str, ...]:
    """By what a claim is known again: who wrote it, and the text."""
    words, _ = _read(claim.example)
    return (f"by {claim.person}", *((f"text {content_id(words)}",) if words else ()))


def is_told_before(claim: EmergencyClaim, heard: Collection[str]) -> bool:
    """Is it of somebody who was heard already, or a copy of what was?

    Args:
        claim: The claim.
        heard: Names of those before it.
    """
    by, *text = names_of(claim)
    _, is_copy = _read(claim.example)
    return by in heard or (is_copy and any(name in heard for name in text))


def voices_of(claims: Iterable[EmergencyClaim]) -> list[EmergencyClaim]:
    """One claim of each voice: the original rather than who passes it on, the surest of what one person says.

    Args:
        claims: In any order.
    """
    heard: set[str] = set()
    voices = []
    for claim in sorted(claims, key=_originals_first):
        if not is_told_before(claim, heard):
            voices.append(claim)
        heard.update(names_of(claim))
    return voices


def weight_milli(voices: Iterable[EmergencyClaim]) -> int:
    """How many people say so, in thousandths: a sure voice weighs one, another as much as it is probable.

    Args:
        voices: Each once.
    """
    return sum(_weight_milli(claim) for claim in voices)


def are_sure_together(voices: Collection[EmergencyClaim], people: int) -> bool:
    """Are voices together as sure as so many people of whom each is sure to nine in ten?

    Their odds are multiplied, in whole numbers.

    Args:
        voices: Each once; a sure code of a care system is taken for 999 in a thousand.
        people: 1 or more.
    """
    permilles = [min(999, claim.permille) for claim in voices]
    odds = math.prod([SURE_ODDS] * people)
    return math.prod(permilles) >= odds * math.prod(1_000 - permille for permille in permilles)


def likelier_none(claims: Iterable[EmergencyClaim]) -> int:
    """How many people speak of emergencies, and likelier of something else than calls that fail.

    Args:
        claims: In any order.
    """
    return len(voices_of(claim for claim in claims if claim.doubtful and claim.permille < LIKELY_PERMILLE))


def people_beyond_misreading(doubts: int, config: EmergencyConfig) -> int:
    """How many sure people an alarm takes: more than so much talk of emergencies gives by misreading.

    For every `doubts_per_misread` texts in doubt that are likelier none, one that is none is taken for sure, on the
    mean; how often differs by what people talk of. Of a rate of which only the mean is known, the exponential
    distribution presumes least, and the number of misread texts is geometric then: with m to be expected, n or more
    come with a chance of (m / (m + 1)) ** n. An alarm takes the first n that is rarer than a voice is wrong of whom
    two are enough. In whole numbers.

    Args:
        doubts: From `likelier_none`.
        config: How many suffice where few talk, and how often texts are misread.

    >>> [people_beyond_misreading(doubts, EmergencyConfig()) for doubts in (0, 9, 10, 20, 70, 512)]
    [2, 2, 3, 4, 10, 61]
    """
    people, texts = config.people_min, doubts + config.doubts_per_misread
    chance, of = doubts**people, texts**people
    while (SURE_ODDS + 1) * chance > of:
        people, chance, of = people + 1, chance * doubts, of * texts
    return people


def _originals_first(claim: EmergencyClaim) -> tuple[object, ...]:
    return (
        bool(_PASSED_ON.search(claim.example.casefold())),
        -_weight_milli(claim),
        -claim.permille,
        claim.order,
    )


def _weight_milli(claim: EmergencyClaim) -> int:
    return claim.permille if claim.doubtful else SURE_MILLI


@lru_cache(maxsize=2_048)
def _read(text: str) -> tuple[str, bool]:
    """The words by which a text is known again, and whether the same words are a copy and no chance."""
    *before, told = _PASSED_ON.split(text.casefold())
    whole = (word for word in told.split() if not word.startswith(_ADDRESSES) and not word.endswith("…"))
    words = _WORD.findall(" ".join(whole))
    return " ".join(words[:WORDS_COMPARED]), bool(before) or len(words) >= COPY_WORDS_MIN
