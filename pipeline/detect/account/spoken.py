"""What people of a place said in a step, as likelihood ratios of each hypothesis."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pipeline.detect.account.filtering import People
from pipeline.detect.account.likelihood import (
    Posted,
    Voices,
    log_ratio_of_counts,
    log_ratio_of_few_hands,
    log_ratios_of_chatter,
    log_ratios_of_loudness,
    log_ratios_of_named,
    log_ratios_of_posts,
    mean_of,
    mixed,
    mixed_care,
    ratio_of,
    tempered,
)
from pipeline.detect.account.states import BUSY_LOUDNESS, LOUDNESS, RIVAL_LOUDNESS
from pipeline.records.clocks import MINUTE_MS

STRAY: Final = 0.1
"""Of those who complain of something else one in ten names a service that is well. A judgement."""

CROWD_RATIO: Final = 8.0
"""Likelihood ratio of a step's tickets and calls from which on they are more than single ones: where one an hour or two
is usual, one in a minute has a ratio of 4, two have 26."""


class Spoken(NamedTuple):
    """What people of one place said in a step, against usual.

    Attributes:
        care: Tickets and calls, each as a count; none where nobody turns to an operator.
        posts: All that was posted; None where nobody posts.
        calls: How many of the counts of `care` are calls; they stand last.
    """

    care: list[Voices]
    posts: Posted | None
    calls: int = 0


Listen = Callable[[str], Spoken]
"""Asks what the people of an area said in this step."""

Naming = Callable[[str, str], Voices | None]
"""Asks how many people of an area complained of a service by name in this step; None where that is not counted."""


class Witnesses(NamedTuple):
    """Who is asked about the people of an area.

    Attributes:
        listen: What they said.
        services_of: Services of an area that have figures.
        naming: How many complained of a service by name.
    """

    listen: Listen
    services_of: Callable[[str], Sequence[str]]
    naming: Naming


def people_of(said: Spoken, step_ms: int) -> People:
    """What people said: likelihood ratios of each hypothesis.

    Args:
        said: What they said.
        step_ms: Length of the step.
    """
    minutes = step_ms / MINUTE_MS
    rivals, in_campaign = len(RIVAL_LOUDNESS), 1.0
    care, load = [1.0] * len(LOUDNESS), [1.0] * rivals
    alone: tuple[list[float], ...] = (care, care)
    if said.care:
        care, twice = _care(said.care, minutes)
        load, in_campaign = care[:rivals], 0.7 + 0.3 * ratio_of(twice)
        alone = _care_alone(said, care, minutes)
    public, chatter, campaign = [1.0] * len(LOUDNESS), [1.0] * rivals, [1.0] * rivals
    if said.posts is not None:
        reports, talk = tempered(log_ratios_of_posts(said.posts, minutes), log_ratios_of_chatter(said.posts))
        public, chatter = mixed(reports), mixed(talk)
        few = ratio_of(log_ratio_of_few_hands(said.posts, cares=bool(said.care)))
        campaign = [few * ratio for ratio in public[:rivals]]
    return People(care, public, in_campaign, chatter, load, campaign, alone)


def _care(counts: Sequence[Voices], minutes: float) -> tuple[list[float], float]:
    """Ratios of each loudness by those who turn to the operator, and the log-ratio of twice as many."""
    doubled = mean_of([log_ratio_of_counts(voices, 2.0 * voices.usual) for voices in counts])
    logs, [twice] = tempered(log_ratios_of_loudness(counts, minutes), [doubled])
    return mixed_care(logs), twice


def _care_alone(said: Spoken, care: list[float], minutes: float) -> tuple[list[float], ...]:
    """The same had only tickets been heard, and had only calls been: worked out where both were."""
    nothing, tickets = [1.0] * len(LOUDNESS), len(said.care) - said.calls
    if not tickets or not said.calls:
        return (care, nothing) if tickets else (nothing, care)
    return _care(said.care[:tickets], minutes)[0], _care(said.care[tickets:], minutes)[0]


def thinned(said: Spoken, left: float) -> Spoken:
    """What people said, as if a part of those beyond the usual had not spoken: they speak of something else.

    As many as usual stay, and of what the others would have said only that part is known which is left.

    Args:
        said: What they said.
        left: Which part of them is left, 0 to 1.
    """
    care = [voices._replace(number=_thinned(voices, left)) for voices in said.care]
    posts = said.posts
    if posts is None or not posts.voices.number:
        return Spoken(care, posts, said.calls)
    number = _thinned(posts.voices, left)
    strengths = [left * count for count in posts.strengths]
    return Spoken(care, posts._replace(voices=posts.voices._replace(number=number), strengths=strengths), said.calls)


def _thinned(voices: Voices, left: float) -> float:
    return min(voices.number, max(voices.usual, left * voices.number))


def of_item(people: People, logs: list[float]) -> People:
    """What people said, with what those said who name an item of the service: of the two, what says more.

    Few turn to the operator because of one channel, so its silence says nothing.
    """
    [calmed] = tempered(logs)
    public = [max(said, of_item) for said, of_item in zip(people.public, mixed(calmed), strict=True)]
    care, *alone = [[max(1.0, said) for said in ratios] for ratios in (people.care, *people.care_alone)]
    return people._replace(care=care, public=public, care_alone=tuple(alone))


def uncalled(people: People) -> People:
    """What people said between minutes in which some name an item of the service.

    Who turns to the operator or does not says nothing of it, either way: so single tickets do not add up. A crowd that
    does is about more than a channel, and speaks.
    """
    if max(people.care) >= CROWD_RATIO:
        return people
    as_usual = [1.0] * len(LOUDNESS)
    return people._replace(care=as_usual, care_in_campaign=1.0, care_alone=(as_usual, as_usual))


def with_meant(voices: Voices, meant: float) -> Voices:
    """Those who name a service, with those who name none and mean it: usually as many do for each who names it.

    Args:
        voices: Who names it.
        meant: How many more mean it, 0 or more; none of nobody who names it.
    """
    times = 1.0 + meant / voices.number if voices.number else 1.0
    return voices._replace(number=times * voices.number, usual=times * voices.usual)


def of_named(voices: Voices, others: float, step_ms: int) -> People:
    """What those say who complain of one service by name: more than on a busy day is an outage of it.

    Nobody measures it, and what else is up (calls, talk) is up for whatever reason.

    Args:
        voices: Who names it.
        others: How many complained and did not: of a crowd some call the wrong thing by name.
        step_ms: Length of the step.
    """
    voices = voices._replace(usual=voices.usual + STRAY * others)
    [logs] = tempered(log_ratios_of_named(voices, step_ms / MINUTE_MS))
    public, rivals = mixed(logs), len(RIVAL_LOUDNESS)
    as_usual, busy = [1.0] * rivals, len(BUSY_LOUDNESS)
    return People(
        care=[1.0] * len(LOUDNESS),
        public=public,
        care_in_campaign=1.0,
        chatter=[*public[:busy], *as_usual[busy:]],
        load=as_usual,
        campaign=as_usual,
        care_alone=([1.0] * len(LOUDNESS), [1.0] * len(LOUDNESS)),
    )
