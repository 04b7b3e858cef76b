"""How much likelier is what was seen under each hypothesis than if all is well?

Figures of the network speak of the share who are hit, counts of people of how much louder they are. Both
answers are natural logs, clipped, so that one bad minute proves nothing, and read as
hundredths through a table of exact exponentials: the last digit of a machine's logarithm cannot
reach what is published.

What a reader may question: minutes are not independent, so figures count half; a level that is better than
usual never speaks for an outage, and never against one more than the usual value does.

Source:
    P. J. Huber, Annals of Mathematical Statistics 36 (1965), 1753-1758 (clipped likelihood ratios);
    K. Lange, R. Little, J. Taylor, JASA 84 (1989), 881-896 (t residuals for robustness).
"""

import math
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final, Literal, NamedTuple

from pipeline.detect.account.states import LOUDNESS, RIVAL_LOUDNESS, SHARES, added_up
from pipeline.records.inner.strengths import RATIOS

FIGURE_CLIP: Final = 16.0
"""A figure of one step counts at most so much, natural log, before it is tempered: one minute of a single figure is far
from enough to suspect anything, one of several places nearly is."""

PEOPLE_CLIP: Final = 4.0
"""And what people say in one step."""

TEMPER: Final = 0.5
"""Figures of neighbouring minutes are half dependent."""

AS_USUAL, AS_LOUD, LESS_LOUD = 0.3, 0.5, 0.2
"""In an outage people are as usual in some minutes (they come late), as loud as they get in some, and between."""

CARE_AS_USUAL, CARE_AS_LOUD = 0.25, 0.25
"""Who turns to the operator comes later still, and may be as loud as who posts, a third or a tenth of that."""

TALK_OF_COMPLAINTS: Final = 0.67
"""In an outage two posts of talk come with three reports."""

REPORTS_SHARE_MIN, REPORTS_SHARE_MAX = 0.1, 0.5
"""Of the posts that name an operator on an ordinary day, this share reports a fault; the first of the two also where
nobody was ever understood to report one."""

FEW_HANDS: Final = 32
"""Accounts of a campaign: a few dozen. A judgement."""

MANY_HANDS: Final = 64
"""Twice as many: of a campaign, however large, nearly all of these have written before. A judgement."""

FEW_SEEN_MAX: Final = 0.9
"""Part of them that is ever taken for seen: some are always new."""

AGAIN_IN_CROWD: Final = 0.07
"""Of the posts of a crowd one in fourteen is of somebody who wrote within the hour. A judgement."""

WIDTH: Final = 0.3
"""How well a share foretells a figure: within three tenths of what is lost."""

UNFAMILIAR_SPREAD: Final = 1.0
"""On the first day of a kind the spread is at least this."""

RATE_MIN_PER_MINUTE: Final[tuple[float, ...]] = (0.0, 0.0, 0.0, 0.05, 0.2, 1.0)
"""A thousand times almost nothing is not loud: least rates that go with each loudness."""


class FigureSeen(NamedTuple):
    """A step of a telemetry series of a place and service.

    Attributes:
        value: In its unit.
        usual: What it is when all is well.
        scale: Spread of its noise, above 0, in its unit.
        bad: The direction that is worse for customers.
        unit: Unit of the metric; `ratio` is bounded by 1.
        drifts: What is usual is known so well: a deviation of so much more or less says nothing.
    """

    value: float
    usual: float
    scale: float
    bad: Literal["up", "down"]
    unit: str
    drifts: float = 0.0


class Posted(NamedTuple):
    """All posts of a step, by how strongly each speaks for a fault.

    Attributes:
        voices: All of them, whatever they say.
        reports_usual: How many of them usually complain, above 0.
        strengths: How many are of each class of `records.inner.strengths`.
        again: How many more are of hands that wrote within the hour.
        hands: How many hands have written within the hour beyond what is usual of one.
    """

    voices: "Voices"
    reports_usual: float
    strengths: Sequence[float]
    again: float = 0.0
    hands: float = 0.0


class Voices(NamedTuple):
    """How many people spoke in a step.

    Attributes:
        number: Each person once.
        usual: What is usual of such a step, above 0.
        spread: 1/r of the negative binomial, above 0.
    """

    number: float
    usual: float
    spread: float


def ratio_of(log_ratio: float) -> float:
    """A likelihood ratio, from its natural log rounded to hundredths; at most e^8.

    >>> ratio_of(0.0), round(ratio_of(-1.0), 6), ratio_of(100.0) == ratio_of(8.0)
    (1.0, 0.367879, True)
    """
    return _EXP[max(-_REACH, min(_REACH, round(log_ratio * 100.0))) + _REACH]


def mean_of(logs: Sequence[float]) -> float:
    """Mean of one or more log-likelihood ratios."""
    return added_up(logs) / len(logs)


def mean_of_any(logs: Sequence[float]) -> float:
    """Log of the mean of one or more likelihood ratios: one of several shows what the others need not show.

    Args:
        logs: Log-likelihood ratios; of one it is that one.

    >>> mean_of_any([0.123456]), round(mean_of_any([4.0, 0.0]), 2), round(mean_of_any([-8.0, 0.0]), 2)
    (0.123456, 3.33, -0.69)
    """
    return logs[0] if len(logs) == 1 else math.log(mean_of([ratio_of(log) for log in logs]))


def log_ratios_of_shares(figure: FigureSeen) -> list[float]:
    """Log-likelihood ratios of each share that is hit, against none; clipped and tempered.

    >>> [round(ratio, 2) for ratio in log_ratios_of_shares(FigureSeen(0.69, 0.99, 0.01, "down", "ratio"))]
    [0.17, 0.84, 3.18, 5.68, 4.01]
    """
    scale, loss = figure.scale, lost(figure)
    beyond = max(0.0, off_usual(figure) - figure.drifts)
    none = 1.0 + beyond * beyond / (4.0 * scale * scale)
    found = []
    for share in SHARES:
        shift = share * loss
        width = math.sqrt(scale * scale + WIDTH * WIDTH * shift * shift)
        apart = beyond - shift
        some = 1.0 + apart * apart / (4.0 * width * width)
        log_ratio = math.log(scale / width) + 2.5 * math.log(none / some)
        found.append(TEMPER * max(-FIGURE_CLIP, min(FIGURE_CLIP, log_ratio)))
    return found


def untempered(logs: Sequence[float]) -> list[float]:
    """What a figure says of each share in its first bad minute, which no bad minute before it has made likelier.

    It counts whole, and no more than a figure of one step ever does.

    Args:
        logs: By `log_ratios_of_shares`, or a mean of such.

    >>> untempered([0.2, -1.5, 5.0])
    [0.4, -3.0, 8.0]
    """
    most = TEMPER * FIGURE_CLIP
    return [max(-most, min(most, log / TEMPER)) for log in logs]


def off_usual(figure: FigureSeen) -> float:
    """By how much a figure is worse than usual, 0 or more."""
    return max(0.0, figure.usual - figure.value if figure.bad == "down" else figure.value - figure.usual)


def lost(figure: FigureSeen) -> float:
    """By how much a figure moves if everybody is hit."""
    if figure.bad == "down":
        return abs(figure.usual)
    if figure.unit == "ratio":
        return 0.6 * max(0.05, 1.0 - figure.usual)
    return 8.0 * abs(figure.usual)


def log_ratio_of_counts(voices: Voices, mean: float) -> float:
    """Log-likelihood ratio of a mean against the usual one; negative binomial, not clipped.

    Args:
        voices: What was counted.
        mean: Mean of the rival, above 0.

    >>> round(log_ratio_of_counts(Voices(6.0, 0.5, 0.1), 5.0), 2)
    8.11
    """
    size = 1.0 / voices.spread
    grown = math.log((size + mean) / (size + voices.usual))
    return voices.number * math.log(mean / voices.usual) - (voices.number + size) * grown


def log_ratios_of_loudness(voices: Sequence[Voices], step_minutes: float) -> list[float]:
    """Log-likelihood ratios of each loudness for counts of the same people: their mean, not clipped.

    Who is not loud on the first day of a kind says nothing: so little is known of what is usual then.

    Args:
        voices: One or more counts, such as tickets and calls.
        step_minutes: Length of the step.
    """
    found = []
    for loudness, least in zip(LOUDNESS, RATE_MIN_PER_MINUTE, strict=True):
        logs = []
        for said in voices:
            mean = max(loudness * said.usual, said.usual + least * step_minutes)
            log_ratio = log_ratio_of_counts(said, mean)
            logs.append(max(0.0, log_ratio) if said.spread >= UNFAMILIAR_SPREAD else log_ratio)
        found.append(mean_of(logs))
    return found


def log_ratios_of_named(named: Voices, step_minutes: float) -> list[float]:
    """Log-likelihood ratios of each loudness for those who complain of one service by name; not clipped.

    They are few. So who does not speak counts on a first day as well: single voices would add up, as nothing spoke
    against them.

    Args:
        named: How many did.
        step_minutes: Length of the step.

    >>> [round(log_ratios_of_named(Voices(number, 0.1, 1.0), 1.0)[1], 2) for number in (0.0, 2.0)]
    [-0.6, 2.81]
    """
    floors = zip(LOUDNESS, RATE_MIN_PER_MINUTE, strict=True)
    means = [max(loudness * named.usual, named.usual + least * step_minutes) for loudness, least in floors]
    return [log_ratio_of_counts(named, mean) for mean in means]


def log_ratios_of_posts(posts: Posted, step_minutes: float) -> list[float]:
    """Log-likelihood ratios of each loudness of an outage: how many there are, and what they say; not clipped.

    The excess of an outage is made of reports, with some talk about them. A post of a class is as much likelier
    as reports are of that class more often than the usual mixture of posts is.

    Args:
        posts: All posts of the step.
        step_minutes: Length of the step.

    >>> quiet, vague = Posted(Voices(0.0, 0.06, 0.1), 0.006, ()), Posted(Voices(1.0, 0.06, 0.1), 0.006, (0, 1, 0, 0, 0))
    >>> [round(log_ratios_of_posts(posts, 1.0)[3], 2) for posts in (quiet, vague)]
    [-0.94, 2.05]
    """
    said = posts.voices
    usual_share = min(REPORTS_SHARE_MAX, max(REPORTS_SHARE_MIN, posts.reports_usual / said.usual))
    reports_usual = usual_share * said.usual
    classes = [
        (number, ratio / (1.0 - usual_share + usual_share * ratio))
        for number, ratio in zip(posts.strengths, RATIOS, strict=False)
        if number
    ]
    found = []
    for loudness, least in zip(LOUDNESS, RATE_MIN_PER_MINUTE, strict=True):
        reports = max((loudness - 1.0) * reports_usual, least * step_minutes)
        mean = said.usual + (1.0 + TALK_OF_COMPLAINTS) * reports
        log_ratio = log_ratio_of_counts(said, mean)
        for number, ratio in classes:
            log_ratio += number * math.log((said.usual + (ratio + TALK_OF_COMPLAINTS) * reports) / mean)
        found.append(log_ratio)
    return found


def log_ratios_of_chatter(posts: Posted) -> list[float]:
    """Log-likelihood ratios of each loudness of a scandal: more posts, which say what posts usually say; not clipped.

    Args:
        posts: All posts of the step.
    """
    return [log_ratio_of_counts(posts.voices, loudness * posts.voices.usual) for loudness in RIVAL_LOUDNESS]


def log_ratio_of_few_hands(posts: Posted, *, cares: bool) -> float:
    """Log-likelihood ratio of those who write if few write for many, against a crowd; clipped.

    Of few hands ever more write again, the more of them were seen. That nearly all beyond the usual are new speaks
    against few, where the operator's own desks are heard as well. Else a crowd may be wrong: a cloud fails, and it
    blames its line.

    Args:
        posts: All posts of the step.
        cares: Is it known who turns to the operator?

    >>> two, new = Posted(Voices(0.0, 0.2, 0.1), 0.1, (), again=2.0), Posted(Voices(2.2, 0.2, 0.1), 0.1, ())
    >>> [round(log_ratio_of_few_hands(two._replace(hands=hands), cares=True), 2) for hands in (2.0, 8.0, 40.0)]
    [0.0, 2.55, 4.0]
    >>> [round(log_ratio_of_few_hands(new._replace(hands=hands), cares=True), 2) for hands in (2.0, 32.0, 64.0)]
    [0.0, -1.24, -4.0]
    """
    seen, more = (max(AGAIN_IN_CROWD, min(FEW_SEEN_MAX, posts.hands / hands)) for hands in (FEW_HANDS, MANY_HANDS))
    again = posts.again * math.log(seen / AGAIN_IN_CROWD)
    new = max(0.0, posts.voices.number - posts.voices.usual) if cares else 0.0
    return max(-PEOPLE_CLIP, min(PEOPLE_CLIP, again + new * math.log((1.0 - more) / (1.0 - AGAIN_IN_CROWD))))


def tempered(*rivals: Sequence[float]) -> list[list[float]]:
    """Lower log-likelihood ratios of rivals so that the best counts `PEOPLE_CLIP` at most against normal.

    What sets the rivals apart stays, as far as they are better than normal: which of them it is may be
    told by a minute that has long ruled out that all is well.

    >>> tempered([2.0, 6.0], [5.0, -20.0])
    [[0.0, 4.0], [3.0, -4.0]]
    """
    beyond = max(0.0, max(max(logs) for logs in rivals) - PEOPLE_CLIP)
    return [[max(-PEOPLE_CLIP, min(0.0, log), log - beyond) for log in logs] for logs in rivals]


def mixed_care(log_ratios: Sequence[float]) -> list[float]:
    """Likelihood ratios of each loudness by those who turn to the operator, whose loudness is another one.

    Args:
        log_ratios: Log-likelihood ratios of each loudness, the least first.
    """
    ratios = [1.0, 1.0, *(ratio_of(log_ratio) for log_ratio in log_ratios)]
    return [CARE_AS_USUAL + CARE_AS_LOUD * added_up(ratios[at : at + 3]) for at in range(len(log_ratios))]


def mixed(log_ratios: Sequence[float]) -> list[float]:
    """Likelihood ratios of each loudness, when some minutes are as usual.

    Args:
        log_ratios: Log-likelihood ratio of each loudness, the least first.
    """
    ratios = [ratio_of(log_ratio) for log_ratio in log_ratios]
    below = [1.0, *ratios[:-1]]
    return [AS_USUAL + AS_LOUD * here + LESS_LOUD * less for here, less in zip(ratios, below, strict=True)]


_REACH: Final = 800
_CONTEXT: Final = Context(prec=20)
_EXP: Final = tuple(float(_CONTEXT.exp(Decimal(hundredths) / 100)) for hundredths in range(-_REACH, _REACH + 1))
"""e to the power of each hundredth from -8 to 8, correctly rounded."""
