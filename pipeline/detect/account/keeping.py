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
from pipeline.detect.account.explained import dominant, eased, explained_of, likeliest, meant_too, noted, part_naming
from pipeline.detect.account.filtering import (
    ALONE,
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
    Voices,
    log_ratios_of_loudness,
    log_ratios_of_shares,
    mean_of,
    mean_of_any,
    ratio_of,
    untempered,
)
from pipeline.detect.account.shown import ShareShown, Showing, share_shown, shown_together, take_shown, told_of
from pipeline.detect.account.spoken import (
    Witnesses,
    of_item,
    of_named,
    people_of,
    thinned,
    uncalled,
    with_meant,
)
from pipeline.detect.account.states import (
    BACK_PER_MINUTE,
    FRESH,
    FRESH_UNSEEN,
    SHARES,
)
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.weighings import RIVAL_MIN_PPM, Weighing
from pipeline.records.vocabulary import PPM

COOL: Final = 0.999
"""Probability of a normal or busy day from which on a place is forgotten: little below that of a place of which nothing
is known, so that six vague posts in twenty minutes add up."""

REMARKABLE: Final = 0.7
"""Log-likelihood ratio of the best hypothesis of a step that makes a place hot."""

TOLD_FROM: Final = 0.01
"""Probability of an outage, or of a probe that pretends one, from which on CORRELATE hears of a place; when it has
fallen below, CORRELATE hears so once."""

TELEVISION: Final = "tv"

ITEM_SPREAD_MIN: Final = 1.0
"""Those who complain of one channel are few, and more on the night of a match."""

LIKELY_ABOVE: Final = 0.02
"""Probability of an outage above which the steps of its place are told as its evidence."""

ADDED_MIN: Final = -3.0
"""What a group of witnesses says against an outage at most, natural log: an outage may begin in any minute."""

ITEM_MS: Final = 15 * MINUTE_MS
"""Who complained of one item of a service so lately still does: who is silent in the minutes between says nothing."""

WELL_BELOW: Final = 0.1
"""Probability of an outage below which a service is well whose figures are as usual."""

WELL_MS: Final = 15 * MINUTE_MS
"""Figures that were well so lately still are, if none came since: many come once in five minutes."""

SURE_FROM: Final = 0.95
"""Probability from which on an outage is all but sure."""

RIVAL_MIN: Final = RIVAL_MIN_PPM / PPM
"""Probability of another explanation from which on CORRELATE hears its number."""


class Measured(NamedTuple):
    """What a figure says in a step, or several of one place and service together.

    Attributes:
        logs: Log-likelihood ratio of each share.
        shown: The share that they show.
    """

    logs: list[float]
    shown: ShareShown


class Seen:
    """What a step of a scope showed, by place.

    Posts that are remarkable by number and weight (`murmuring`) say nothing of a service; complaints (`loud`) do, and
    which services they name is counted. A service that nobody measures is `missed` if remarkably many name it.
    """

    def __init__(self) -> None:
        self.figures: dict[tuple[str, str], list[Measured]] = {}
        self.named: dict[tuple[str, str], list[float]] = {}
        self.complaints: dict[str, dict[str, float]] = {}
        self.loud: set[str] = set()
        self.murmuring: set[str] = set()
        self.missed: set[tuple[str, str]] = set()

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
        well: `area|service` to when its figures last said that it is well, ms; changes in place.
    """

    def __init__(
        self,
        operator: str,
        scope_area: str,
        accounts: dict[str, Account],
        step_ms: int,
        ended: dict[str, int],
        well: dict[str, int],
    ) -> None:
        self._operator, self._scope_area = operator, scope_area
        self._accounts, self._step_ms, self._ended, self._well = accounts, step_ms, ended, well

    def step(self, seen: Seen, end: int, asked: Witnesses) -> list[Weighing]:
        """Weigh what was seen in a step, at each hot place.

        Args:
            seen: Figures of the step, and the areas in which people were heard.
            end: End of the step, ms.
            asked: Who is asked about the people of an area.
        """
        services_of = asked.services_of
        measured = {place: _together(figures, place[1]) for place, figures in seen.figures.items()}
        places = {_place(name) for name in self._accounts}
        for place, figures in measured.items():
            if max(figures.logs) >= REMARKABLE:
                places |= {place, (place[0], "")}
        places |= {(area, "") for area in seen.murmuring}
        places |= {place for place, logs in seen.named.items() if max(logs) >= REMARKABLE}
        places |= seen.missed
        for area in seen.loud:
            places |= {(area, ""), *((area, service) for service in services_of(area))}
        self._note_well(measured, end)
        told = []
        people: dict[str, People] = {}
        known = self._shown(services_of)
        for area, service in sorted(places):
            if area not in people:
                people[area] = people_of(asked.listen(area), self._step_ms)
            said = self._heard((area, service), people[area], seen, asked, end)
            if services_of(area) and service not in services_of(area):
                said = eased(said, explained_of(area, known, self._ended, end))
            weighing = self._weigh((area, service), measured.get((area, service)), said, end, services_of)
            if weighing is not None:
                told.append(weighing)
        self._note_items(seen.named, end)
        self._note(self._shown(services_of), end)
        return told

    def _heard(self, place: tuple[str, str], people: People, seen: Seen, asked: Witnesses, end: int) -> People:
        """What people say of a service, and of an item of it: of that few turn to the operator."""
        said = self._said(place, people, seen, asked, end)
        if place in seen.named:
            return of_item(said, seen.named[place])
        return uncalled(said) if self._is_of_item(place, end) else said

    def _said(self, place: tuple[str, str], people: People, seen: Seen, asked: Witnesses, end: int) -> People:
        """What people say of a service: all of it, where figures of the service are heard or nobody measures any.

        Else what those say who name it, and who name none while it dominates; or all but who names one that is well.
        """
        (area, service), served = place, asked.services_of(place[0])
        if not served or place in seen.figures or self._is_well(place, end):
            return people
        voices = asked.naming(area, service) if service and service not in served else None
        if voices:
            complaints = seen.complaints.get(area, {})
            meant = meant_too(complaints) if dominant(complaints) == service else 0.0
            others = complaints.get("", 0.0) - voices.number - meant
            return of_named(with_meant(voices, meant), max(0.0, others), self._step_ms)
        well = [name for name in served if name != service and self._is_well((area, name), end)]
        part = part_naming(seen.complaints.get(area, {}), well)
        return people_of(thinned(asked.listen(area), 1.0 - part), self._step_ms) if part > 0.0 else people

    def _is_well(self, place: tuple[str, str], end: int) -> bool:
        """Did figures say lately that a service is well?"""
        return end - self._well.get("|".join(place), end - WELL_MS - 1) <= WELL_MS

    def _note_well(self, measured: Mapping[tuple[str, str], Measured], end: int) -> None:
        for place, figures in measured.items():
            name = "|".join(place)
            account = self._accounts.get(name)
            if max(figures.logs) >= REMARKABLE or (account is not None and outage_of(account.belief) >= WELL_BELOW):
                self._well.pop(name, None)
            else:
                self._well[name] = end

    def _is_of_item(self, place: tuple[str, str], end: int) -> bool:
        """Did remarkably many complain lately of one channel or programme of television?

        Of one channel few complain by phone, and no figure of television falls: streams start, whatever they show.
        """
        account = self._accounts.get("|".join(place))
        return account is not None and account.item_at > 0 and end - account.item_at <= ITEM_MS

    def _note_items(self, named: Mapping[tuple[str, str], Sequence[float]], end: int) -> None:
        """Note where remarkably many complained of one channel or programme.

        Of another service an item is a technology, whose figures fall and of which people call.
        """
        for place, logs in named.items():
            if place[1] != TELEVISION:
                continue
            account = self._accounts.get("|".join(place))
            if account is not None and max(logs) >= REMARKABLE:
                account.item_at = end

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
        if self._is_of_item(place, end) and account is not None and account.showing is None:
            logs = logs if logs is not None and max(logs) >= REMARKABLE else None
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
        account.added = {name: _summed(account.added.get(name, 0.0), said, minutes) for name, said in added.items()}
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
            added_milli={group: round(1_000 * account.added[group]) for group in sorted(GROUPS)},
            rival=max(sorted(rivals), key=lambda name: rivals[name]),
            rivals_ppm={name: round(PPM * rivals[name]) for name in sorted(rivals) if rivals[name] >= RIVAL_MIN},
            alone_milli={name: round(1_000 * account.added.get(name, 0.0)) for name in ALONE},
        )


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


def _together(figures: list[Measured], service: str) -> Measured:
    """What several figures of one place and service say together: the mean of each share's ratio.

    Of figures that name no service nobody knows whether they are of one, and an outage need show in one of them only:
    the mean is that of the ratios themselves, which a healthy one halves and does not deny.
    """
    columns = list(zip(*[figure.logs for figure in figures], strict=True))
    logs = [mean_of(column) if service else mean_of_any(column) for column in columns]
    return Measured(logs, shown_together([figure.shown for figure in figures]))
