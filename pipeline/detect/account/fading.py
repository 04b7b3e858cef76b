"""What is remembered of a place that has cooled: for an hour, and without a visit.

A few cells fail, and six people of a town say so in twenty minutes: between them the place looks as calm as any.
So what was believed is kept, and when people are heard there again the time between is made up for in one go:
beliefs move on, and the silence counts for what it is worth.
"""

import math
from typing import Final

import msgspec

from pipeline.detect.account.filtering import Heard, outage_of, predicted, weighed
from pipeline.detect.account.likelihood import Posted, ratio_of, ratios_of_posts
from pipeline.detect.account.states import FRESH, LOUDNESS, RIVAL_LOUDNESS, SHARES
from pipeline.records.clocks import HOUR_MS, MINUTE_MS

FADED_AFTER_MS: Final = HOUR_MS
"""Who wrote an hour ago says nothing of who writes now."""

WORTH_FROM: Final = 1.2 * outage_of(FRESH)
"""Probability of an outage from which on a place is remembered: a fifth above that of any place."""


class Account(msgspec.Struct):
    """What is believed of one place and service.

    Attributes:
        belief: Over the states, after the last step.
        at: End of that step, ms.
        since: Start of the step that made it hot, ms.
        added: Group of witnesses to what it added to the log-odds of an outage, natural log.
        told: True if the last step was worth telling to CORRELATE.
        down_at: End of the last step in which its figures, or without any the belief, spoke for an outage, ms.
    """

    belief: list[float]
    at: int
    since: int
    added: dict[str, float] = {}
    told: bool = False
    down_at: int = 0


def is_worth_keeping(account: Account) -> bool:
    """Was anything heard there that may add up?"""
    return outage_of(account.belief) >= WORTH_FROM


def forget_faded(faded: dict[str, Account], now: int) -> None:
    """Drop what is too old to be recalled.

    Args:
        faded: Changes in place.
        now: ms.
    """
    for name in [name for name, account in faded.items() if now - account.at > FADED_AFTER_MS]:
        del faded[name]


def recalled(account: Account, posts: Posted | None, end: int, step_ms: int) -> Account | None:
    """What was believed of a place, brought to the begin of a step; None if it is too long ago.

    Args:
        account: As it was left; changes in place.
        posts: Posts of the step; what is usual of it was usual since. None where nobody posts.
        end: End of the step, ms.
        step_ms: Its length.
    """
    begin = end - step_ms
    if begin - account.at > FADED_AFTER_MS:
        return None
    steps = (begin - account.at) // step_ms
    if steps > 0:
        belief = account.belief
        for minutes in _in_tens(max(1, (begin - account.at) // MINUTE_MS)):
            belief = predicted(belief, minutes)
        account.belief = belief if posts is None else _after_silence(belief, posts, steps, step_ms / MINUTE_MS)
        account.at = begin
    return account


def _in_tens(minutes: int) -> list[int]:
    """`predicted` moves ten minutes on at most.

    >>> _in_tens(23)
    [10, 10, 3]
    """
    return [min(10, minutes - gone) for gone in range(0, minutes, 10)]


def _after_silence(belief: list[float], posts: Posted, steps: int, step_minutes: float) -> list[float]:
    nobody = posts._replace(voices=posts.voices._replace(number=0.0), strengths=())
    outage, few, chatter = (_repeated(ratios, steps) for ratios in ratios_of_posts(nobody, step_minutes))
    unheard, rivals = [1.0] * len(LOUDNESS), len(RIVAL_LOUDNESS)
    silence = Heard([1.0] * len(SHARES), unheard, outage, 1.0, chatter, unheard[:rivals], outage[:rivals], few)
    return weighed(belief, silence)[0]


def _repeated(ratios: list[float], times: int) -> list[float]:
    """Likelihood ratios of as many steps alike."""
    return [ratio_of(times * math.log(ratio)) for ratio in ratios]
