"""Which places are hot, and what is believed of each: kept from step to step, forgotten when they have cooled.

A place becomes hot when something remarkable is seen there, and is visited at every step until
nothing is left of the suspicion. A place that is quiet costs nothing and remembers nothing: an outage may
have begun there minutes ago, and that is all that is believed of it.

While an outage is likely, no series of the place learns: an outage must not become what is expected.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.detect.account.believed import Account
from pipeline.detect.account.explained import eased, explained_of, likeliest, noted, part_naming
from pipeline.detect.account.filtering import (
    GROUPS,
    Heard,
    People,
    calm_of,
    outage_of,
    predicted,
    rivals_of,
    shares_of,
    weighed,
)
from pipeline.detect.account.likelihood import (
    FigureSeen,
    Posted,
    Voices,
    log_ratio_of_counts,
    log_ratio_of_few_hands,
    log_ratios_of_chatter,
    log_ratios_of_loudness,
    log_ratios_of_posts,
    log_ratios_of_shares,
    mean_of,
    mixed,
    mixed_care,
    ratio_of,
    tempered,
    untempered,
)
from pipeline.detect.account.shown import ShareShown, Showing, share_shown, shown_together, take_shown, told_of
from pipeline.detect.account.states import (
    BACK_PER_MINUTE,
    FRESH,
    FRESH_UNSEEN,
    LOUDNESS,
    RIVAL_LOUDNESS,
    SHARES,
)
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import PPM

COOL: Final = 0.999
"""Probability of a normal or busy day from which on a place is forgotten: little below that of a place of which nothing
is known, so that six vague posts in twenty minutes add up."""

REMARKABLE: Final = 0.7
"""Log-likelihood ratio of the best hypothesis of a step that makes a place hot."""

TOLD_FROM: Final = 0.01
"""Probability of an outage, or of a probe that pretends one, from which on CORRELATE hears of a place; when it has
fallen below, CORRELATE hears so once."""

ITEM_SPREAD_MIN: Final = 1.0
"""Those who complain of one channel are few, and more on the night of a match."""

LIKELY_ABOVE: Final = 0.02
"""Probability of an outage above which the steps of its place are told as its evidence."""

ADDED_MIN: Final = -3.0
"""What a group of witnesses says against an outage at most, natural log: an outage may begin in any minute."""

WELL_BELOW: Final = 0.1
"""Probability of an outage below which a service is well whose figures are as usual."""

SURE_FROM: Final = 0.95
"""Probability from which on an outage is all but sure."""


class Spoken(NamedTuple):
    """What people of one place said in a step, against usual.

    Attributes:
        care: Tickets and calls, each as a count; none where nobody turns to an operator.
        posts: All that was posted; None where nobody posts.
    """

    care: list[Voices]
    posts: Posted | None


class Measured(NamedTuple):
    """What a figure says in a step, or several of one place and service together.

    Attributes:
        logs: Log-likelihood ratio of each share.
        shown: The share that they show.
    """

    logs: list[float]
    shown: ShareShown


Listen = Callable[[str], Spoken]
"""Asks what the people of an area said in this step."""


class Seen:
    """What a step of a scope showed, by place.

    Posts that are remarkable by number and weight (`murmuring`) say nothing of a service; complaints (`loud`) do, and
    which services they name is counted.
    """

    def __init__(self) -> None:
        self.figures: dict[tuple[str, str], list[Measured]] = {}
        self.named: dict[tuple[str, str], list[float]] = {}
        self.complaints: dict[str, dict[str, float]] = {}
        self.loud: set[str] = set()
        self.murmuring: set[str] = set()

    def add_figure(self, area: str, service: str, figure: FigureSeen) -> list[float]:
        """Take a telemetry figure in.

        Args:
            area: Path of the place tree.
            service: Service that it is about; '' for none.
            figure: What was seen of it in this step.

        Returns:
            What it says of each share, worked out once: log-likelihood ratios.
        """
        logs = log_ratios_of_shares(figure)
        self.figures.setdefault((area, service), []).append(Measured(logs, share_shown(figure)))
        return logs

    def add_complaints(self, area: str, service: str, number: float) -> None:
        """Take in how many complained.

        Args:
            area: Path of the place tree.
            service: That they named; '' for all of them, whatever they named.
            number: Each person once, of one source.
        """
        known = self.complaints.setdefault(area, {})
        known[service] = known.get(service, 0.0) + number

    def add_item(self, area: str, service: str, complaints: Voices, step_minutes: float) -> list[float]:
        """Take in who complains of one item of a service: a channel, a technology. Of several the loudest counts.

        Args:
            area: Path of the place tree.
            service: Service of the item.
            complaints: Posts of this step that complain of it.
            step_minutes: Length of the step.

        Returns:
            What they say of each loudness: log-likelihood ratios.
        """
        few = complaints._replace(spread=max(ITEM_SPREAD_MIN, complaints.spread))
        logs = log_ratios_of_loudness([few], step_minutes)
        best = self.named.get((area, service))
        if best is None or max(logs) > max(best):
            self.named[area, service] = logs
        return logs


class Keeper:
    """Carries the accounts of one scope through a step.

    Args:
        operator: Operator of the scope.
        scope_area: Path of the scope.
        accounts: `area|service` to what is believed; changes in place.
        step_ms: Length of a step.
        ended: Areas to when figures last showed an outage there, ms; changes in place.
    """

    def __init__(
        self, operator: str, scope_area: str, accounts: dict[str, Account], step_ms: int, ended: dict[str, int]
    ) -> None:
        self._operator, self._scope_area = operator, scope_area
        self._accounts, self._step_ms, self._ended = accounts, step_ms, ended

    def step(self, seen: Seen, end: int, listen: Listen, services_of: Callable[[str], Sequence[str]]) -> list[Weighing]:
        """Weigh what was seen in a step, at each hot place.

        Args:
            seen: Figures of the step, and the areas in which people were heard.
            end: End of the step, ms.
            listen: What the people of an area said.
            services_of: Services of an area that have figures.
        """
        measured = {place: _together(figures) for place, figures in seen.figures.items()}
        places = {_place(name) for name in self._accounts}
        for place, figures in measured.items():
            if max(figures.logs) >= REMARKABLE:
                places |= {place, (place[0], "")}
        places |= {(area, "") for area in seen.murmuring}
        places |= {place for place, logs in seen.named.items() if max(logs) >= REMARKABLE}
        for area in seen.loud:
            places |= {(area, ""), *((area, service) for service in services_of(area))}
        told = []
        people: dict[str, People] = {}
        known = self._shown(services_of)
        for area, service in sorted(places):
            if area not in people:
                people[area] = self._people(listen(area))
            said = _of_item(people[area], seen.named.get((area, service)))
            if services_of(area) and service not in services_of(area):
                well = [name for name in services_of(area) if self._is_well((area, name), measured)]
                part = 0.0 if (area, service) in seen.named else part_naming(seen.complaints.get(area, {}), well)
                said = eased(self._of_rest(said, part, area, listen), explained_of(area, known, self._ended, end))
            weighing = self._weigh((area, service), measured.get((area, service)), said, end, services_of)
            if weighing is not None:
                told.append(weighing)
        self._note(self._shown(services_of), end)
        return told

    def _of_rest(self, said: People, part: float, area: str, listen: Listen) -> People:
        """What people said without the part of them who name a service that is well."""
        return self._people(thinned(listen(area), 1.0 - part)) if part > 0.0 else said

    def _is_well(self, place: tuple[str, str], measured: Mapping[tuple[str, str], Measured]) -> bool:
        """Do figures of this step say that a service is well?"""
        account = self._accounts.get("|".join(place))
        likely = account is not None and outage_of(account.belief) >= WELL_BELOW
        return place in measured and max(measured[place].logs) < REMARKABLE and not likely

    def _note(self, shown: dict[str, float], end: int) -> None:
        """Note where figures show an outage; without any nothing changes, as a quiet step is passed over."""
        if shown:
            ended = noted(shown, self._ended, end)
            self._ended.clear()
            self._ended.update(ended)

    def _shown(self, services_of: Callable[[str], Sequence[str]]) -> dict[str, float]:
        """Areas to how likely an outage of a service with figures is there."""
        places = ((_place(name), account) for name, account in sorted(self._accounts.items()))
        return likeliest(
            (area, outage_of(account.belief)) for (area, service), account in places if service in services_of(area)
        )

    def _people(self, said: Spoken) -> People:
        minutes = self._step_ms / MINUTE_MS
        rivals, in_campaign = len(RIVAL_LOUDNESS), 1.0
        care, load = [1.0] * len(LOUDNESS), [1.0] * rivals
        if said.care:
            doubled = mean_of([log_ratio_of_counts(voices, 2.0 * voices.usual) for voices in said.care])
            logs, [twice] = tempered(log_ratios_of_loudness(said.care, minutes), [doubled])
            care = mixed_care(logs)
            load, in_campaign = care[:rivals], 0.7 + 0.3 * ratio_of(twice)
        public, chatter, campaign = [1.0] * len(LOUDNESS), [1.0] * rivals, [1.0] * rivals
        if said.posts is not None:
            reports, talk = tempered(log_ratios_of_posts(said.posts, minutes), log_ratios_of_chatter(said.posts))
            public, chatter = mixed(reports), mixed(talk)
            few = ratio_of(log_ratio_of_few_hands(said.posts))
            campaign = [few * ratio for ratio in public[:rivals]]
        return People(care, public, in_campaign, chatter, load, campaign)

    def _weigh(
        self,
        place: tuple[str, str],
        measured: Measured | None,
        people: People,
        end: int,
        services_of: Callable[[str], Sequence[str]],
    ) -> Weighing | None:
        name, logs = "|".join(place), measured.logs if measured else None
        account = self._accounts.get(name)
        if account is None:
            served = services_of(place[0])
            belief = FRESH_UNSEEN if served and place[1] not in served else FRESH
            account = Account(belief=list(belief), at=end - self._step_ms, since=end - self._step_ms)
            if logs is not None and max(logs) >= REMARKABLE:
                logs = untempered(logs)
        minutes = max(1, (end - account.at) // MINUTE_MS)
        prior = predicted(account.belief, minutes)
        shares = [ratio_of(log) for log in logs] if logs is not None else [1.0] * len(SHARES)
        after, added = weighed(prior, Heard(shares, people))
        account.added = {group: _summed(account.added.get(group, 0.0), added[group], minutes) for group in GROUPS}
        account.belief, account.at = after, end
        outage = outage_of(after)
        if max(logs) >= REMARKABLE if logs is not None else not place[1] and outage >= SURE_FROM:
            account.down_at = end
        if measured is not None and (account.showing or max(measured.logs) >= REMARKABLE):
            account.showing = account.showing or Showing()
            take_shown(account.showing, measured.shown, minutes)
        calm, rivals = calm_of(after), rivals_of(after)
        if calm >= COOL and calm >= calm_of(prior):
            self._accounts.pop(name, None)
        else:
            self._accounts[name] = account
        was_told, account.told = account.told, outage + rivals["probe"] >= TOLD_FROM
        return self._weighing(place, account, (outage, rivals), end) if was_told or account.told else None

    def _weighing(
        self, place: tuple[str, str], account: Account, believed: tuple[float, dict[str, float]], end: int
    ) -> Weighing:
        shown = told_of(account.showing) if account.showing else None
        low, likely, high = shown or shares_of(account.belief)
        outage, rivals = believed
        disturbed = outage + rivals["probe"]
        return Weighing(
            operator=self._operator,
            scope_area=self._scope_area,
            area=place[0],
            service=place[1],
            ended_at=Instant(end),
            since=Instant(account.since),
            down_at=Instant(account.down_at),
            odds_milli=_log_odds_milli(outage),
            disturbed_milli=_log_odds_milli(disturbed),
            share_low_ppm=round(low * PPM),
            share_ppm=round(likely * PPM),
            share_high_ppm=round(high * PPM),
            added_milli={group: round(1_000 * added) for group, added in sorted(account.added.items())},
            rival=max(sorted(rivals), key=lambda name: rivals[name]),
        )


def thinned(said: Spoken, left: float) -> Spoken:
    """What people said, as if a part of those beyond the usual had not spoken: they speak of something else.

    Args:
        said: What they said.
        left: Which part of them is left, 0 to 1.
    """
    care = [voices._replace(number=_thinned(voices, left)) for voices in said.care]
    posts = said.posts
    if posts is None or not posts.voices.number:
        return Spoken(care, posts)
    number = _thinned(posts.voices, left)
    part = number / posts.voices.number
    strengths = [part * count for count in posts.strengths]
    return Spoken(care, posts._replace(voices=posts.voices._replace(number=number), strengths=strengths))


def _thinned(voices: Voices, left: float) -> float:
    return min(voices.number, max(voices.usual, left * voices.number))


def _of_item(people: People, logs: list[float] | None) -> People:
    """What people said, with what those said who name an item of the service: of the two, what says more.

    Few turn to the operator because of one channel, so its silence says nothing.
    """
    if logs is None:
        return people
    [calmed] = tempered(logs)
    public = [max(said, of_item) for said, of_item in zip(people.public, mixed(calmed), strict=True)]
    return people._replace(care=[max(1.0, said) for said in people.care], public=public)


def _summed(known: float, said: float, minutes: int) -> float:
    """What a group of witnesses has added: what it said is forgotten as the belief forgets it.

    Hours in which all was well speak against an outage that begins now no more than minutes do.
    """
    return max(ADDED_MIN, known * (1.0 - BACK_PER_MINUTE) ** minutes + said)


def _log_odds_milli(probability: float) -> int:
    return round(1_000 * math.log(max(1e-12, probability) / max(1e-12, 1.0 - probability)))


def likely_areas(accounts: dict[str, Account], above: float) -> frozenset[str]:
    """Areas in which an outage is likelier than this; what holds an area or lies in it has its own say."""
    return frozenset(_place(name)[0] for name, account in accounts.items() if outage_of(account.belief) > above)


def _place(name: str) -> tuple[str, str]:
    area, _, service = name.partition("|")
    return area, service


def _together(figures: list[Measured]) -> Measured:
    """What several figures of one place and service say together: the mean of each share's ratio."""
    logs = [mean_of(column) for column in zip(*[figure.logs for figure in figures], strict=True)]
    return Measured(logs, shown_together([figure.shown for figure in figures]))
