"""The forward step: what is believed a minute later, and what each group of witnesses added."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.detect.account.states import (
    BACK_PER_MINUTE,
    BUSY_FROM,
    BUSY_LOUDNESS,
    CAMPAIGN_FROM,
    CHATTER_FROM,
    ENTRIES,
    LOAD_FROM,
    LOUDNESS,
    NEIGHBOURS,
    OUTAGES,
    PROBE_FROM,
    SHARES,
    STATES,
    STAYS,
    STEP_PER_MINUTE,
    added_up,
)

GROUPS: Final = ("network", "care", "public")
"""Groups of witnesses; what two of them say is independent, what one says twice counts once."""

ALONE: Final = ("tickets", "calls")
"""The sources of `care`, each as if it were the only one: tickets and calls are of the same people, so of both together
the mean counts, and neither can be told from it."""

CALM_IN_CHATTER, LOUD_IN_CHATTER = 0.6, 0.4
"""When people talk for another reason, they turn to the operator as usual, or (a price) as in an outage."""

_FLOOR: Final = 1e-12
"""No state is ever impossible."""


class People(NamedTuple):
    """What people of a place said in a step: likelihood ratios of hypotheses against normal.

    Attributes:
        care: Ratios of each loudness of an outage, by those who turn to the operator.
        public: Ratios of each loudness of an outage, by those who speak in public.
        care_in_campaign: Ratio of tickets while few write like many.
        chatter: Ratios of each loudness of a scandal.
        load: Ratios of each loudness of those who call because of a bill.
        campaign: Ratios of each loudness of complaints that few wrote for many.
        care_alone: Ratios of `care` had only tickets been heard, and had only calls been; empty where it is not known.
    """

    care: Sequence[float]
    public: Sequence[float]
    care_in_campaign: float
    chatter: Sequence[float]
    load: Sequence[float]
    campaign: Sequence[float]
    care_alone: tuple[Sequence[float], ...] = ()


class Heard(NamedTuple):
    """Likelihood ratios of one step, against normal.

    Attributes:
        shares: Ratio of each share, by the figures; 1 where there are none.
        people: Ratios by what people said.
    """

    shares: Sequence[float]
    people: People


def predicted(belief: Sequence[float], minutes: int) -> list[float]:
    """What is believed after some minutes in which nothing was looked at.

    Args:
        belief: Over the states, sums to 1.
        minutes: 1 or more; more than ten change as ten do.
    """
    now = list(belief)
    for _ in range(min(minutes, 10)):
        normal = now[0]
        after = [normal * entry for entry in ENTRIES]
        away = 0.0
        for state in range(1, STATES):
            weight = now[state]
            away += weight
            total = after[state] + weight * STAYS[state]
            beside = 0.0
            for other in NEIGHBOURS[state]:
                beside += now[other]
            after[state] = total + STEP_PER_MINUTE * beside
        after[0] += BACK_PER_MINUTE * away
        now = after
    return now


def weighed(prior: Sequence[float], heard: Heard) -> tuple[list[float], dict[str, float]]:
    """What is believed after a step, and how much each group added to the log-odds of an outage.

    Args:
        prior: What was predicted for this step.
        heard: What was seen in it.

    Returns:
        Over the states, summing to 1; and natural logs by group, and by each source of `care` alone.
    """
    after = [weight * ratio for weight, ratio in zip(prior, _ratios(heard), strict=True)]
    total = added_up(after)
    return [max(_FLOOR, weight / total) for weight in after], _added(prior, heard)


def _ratios(heard: Heard) -> list[float]:
    """The likelihood ratio of each state, in the order of the states."""
    care, public, care_in_campaign, chatter, load, campaign, _ = heard.people
    outage, busy = [said * told for said, told in zip(care, public, strict=True)], len(BUSY_LOUDNESS)
    return [
        1.0,
        *(share * said for share in heard.shares for said in outage),
        *(talked * (CALM_IN_CHATTER + LOUD_IN_CHATTER * said) for talked, said in zip(chatter, care, strict=False)),
        *heard.shares[1:],
        *load,
        *(written * care_in_campaign for written in campaign),
        *(talked * said for talked, said in zip(chatter[:busy], care[:busy], strict=True)),
    ]


def _added(prior: Sequence[float], heard: Heard) -> dict[str, float]:
    by_share, by_loudness = [0.0] * len(SHARES), [0.0] * len(LOUDNESS)
    state = 1
    for row in range(len(SHARES)):
        for column in range(len(LOUDNESS)):
            by_share[row] += prior[state]
            by_loudness[column] += prior[state]
            state += 1
    people = heard.people
    return {
        "network": _mean_log(by_share, heard.shares),
        "care": _mean_log(by_loudness, people.care),
        "public": _mean_log(by_loudness, people.public),
        **{name: _mean_log(by_loudness, said) for name, said in zip(ALONE, people.care_alone, strict=False)},
    }


def _mean_log(weights: Sequence[float], ratios: Sequence[float]) -> float:
    total = mean = 0.0
    for weight, ratio in zip(weights, ratios, strict=True):
        total += weight
        mean += weight * ratio
    return math.log(mean / total) if mean > 0.0 and total > 0.0 else 0.0


def outage_of(belief: Sequence[float]) -> float:
    """Probability of an outage, 0 to 1."""
    return added_up(belief[1:CHATTER_FROM])


def calm_of(belief: Sequence[float]) -> float:
    """Probability that nothing is wrong: a normal day, or a busy one."""
    return belief[0] + added_up(belief[BUSY_FROM:STATES])


def rivals_of(belief: Sequence[float]) -> dict[str, float]:
    """Probability of each other explanation."""
    return {
        "normal": belief[0],
        "chatter": added_up(belief[CHATTER_FROM:PROBE_FROM]),
        "probe": added_up(belief[PROBE_FROM:LOAD_FROM]),
        "load": added_up(belief[LOAD_FROM:CAMPAIGN_FROM]),
        "campaign": added_up(belief[CAMPAIGN_FROM:BUSY_FROM]),
        "busy": added_up(belief[BUSY_FROM:STATES]),
    }


def shares_of(belief: Sequence[float]) -> tuple[float, float, float]:
    """The share that is hit if there is an outage: its tenth and ninetieth hundredth, and its mean between them.

    Returns:
        Low, likely and high, 0 to 1.
    """
    rows = [added_up(belief[first : first + len(LOUDNESS)]) for first in range(1, 1 + OUTAGES, len(LOUDNESS))]
    total = added_up(rows)
    likely = added_up(row * share for row, share in zip(rows, SHARES, strict=True)) / total
    return _quantile(rows, 0.1 * total), likely, _quantile(rows, 0.9 * total)


def _quantile(rows: Sequence[float], wanted: float) -> float:
    reached = 0.0
    for row, share in zip(rows, SHARES, strict=True):
        reached += row
        if reached >= wanted:
            return share
    return SHARES[-1]
