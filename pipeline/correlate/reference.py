"""What CORRELATE knows beforehand: operators, markets and where places lie.

Distances and names come as functions, so that tests hand in a map of five
cities and the program hands in the whole place tree.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar, cast

from pipeline.records.series import is_within, nation_of, region_of
from pipeline.records.vocabulary import Service
from pipeline.reference.belief import AS_SAID, BeliefTable
from pipeline.reference.explained.kinds import ALIKE, KindPriors
from pipeline.reference.lasting.durations import DurationTable
from pipeline.reference.metrics import Metrics
from pipeline.reference.operators import Market, Operators
from pipeline.reference.places import Places
from pipeline.wording.sentences import Wording

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateReference:
    """Known beforehand, never changed while running, but for where figures are measured.

    Attributes:
        operators: Brands, hosts, teams, customers; and the markets.
        distance_km: Between two areas' centres in km, or None if one is unknown.
        name_of: An area's name for people; the path's last part if unknown.
        wording: The sentences that people read.
        metrics: What figures of telemetry mean.
        inhabitants_of: How many people live in an area; 0 if nobody said.
        parts_of: How many areas of the next kind an area has; 0 if it is unknown.
        measured: Operators to the smallest places in which their figures are measured, and of which services.
        belief: How often what the account says came true, and how often it was falsely sure.
        durations: How long outages last, by kind; None = the settings tell it.
        kinds: How common each kind of explanation is, and when.
    """

    operators: Operators
    distance_km: Callable[[str, str], float | None]
    name_of: Callable[[str], str]
    wording: Wording
    metrics: Metrics = field(default_factory=Metrics)
    inhabitants_of: Callable[[str], int] = lambda _area: 0
    parts_of: Callable[[str], int] = lambda _area: 0
    measured: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    belief: BeliefTable = AS_SAID
    durations: DurationTable | None = None
    kinds: KindPriors = ALIKE
    _answers: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def where(self, measured: Mapping[str, Mapping[str, Sequence[str]]]) -> Self:
        """The same, with what a market knows of where figures are measured, which must not change meanwhile."""
        return self if measured is self.measured else replace(self, measured=measured)

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question that what is known beforehand answers alone; asked again, it is remembered.

        Each incident of a pane, and each of its areas and revisions, asks the same. With the pane it is forgotten.

        Args:
            question: A name and all that the answer depends on beside this reference.
            ask: Finds the answer.
        """
        answers = self._answers
        if question not in answers:
            answers[question] = ask()
        return cast("T", answers[question])

    def measured_in(self, operator: str, area: str) -> tuple[str, ...]:
        """The smallest places in an area from which an operator's figures come; a guest's are its host's.

        Args:
            operator: Id of the operator.
            area: Path of the area, nation first.
        """

        def ask() -> tuple[str, ...]:
            places = self.measured.get(operator) or self.measured.get(self.host_of(operator), {})
            return tuple(place for place in places if is_within(place, area))

        return self.once(("measured_in", operator, area), ask)

    def watched_in(self, operator: str, area: str) -> tuple[str, ...]:
        """Services of which an operator's figures are measured in an area, or in all that holds it; a guest's host's.

        Args:
            operator: Id of the operator.
            area: Path of the area, nation first.
        """

        def ask() -> tuple[str, ...]:
            places = self.measured.get(operator) or self.measured.get(self.host_of(operator), {})
            there = (place for place in places if is_within(place, area) or is_within(area, place))
            return tuple(sorted({service for place in there for service in places[place]}))

        return self.once(("watched_in", operator, area), ask)

    def market(self, market: str) -> Market | None:
        """Time zone and emergency numbers of a market."""
        return self.operators.markets.get(market)

    def host_of(self, operator: str) -> str:
        """Whose network an operator runs on; itself if on its own, or unknown."""
        return self.operators.host_of(operator) or operator

    def roams_on(self, operator: str) -> str:
        """On whose network an operator's customers are where its own does not reach; '' = on nobody's, or unknown."""
        return self.operators.roams_on(operator) or ""

    def operator_name(self, operator: str) -> str:
        """As the brand writes it."""
        row = self.operators.get(operator)
        return row.name if row else operator

    def team_for(self, operator: str, nature: str) -> str:
        """Whose an incident of this nature is; `network` if nobody is named."""
        row = self.operators.get(operator)
        if row is None:
            return "network"
        teams: dict[str, str] = {str(key): team for key, team in row.teams.items()}
        return teams.get(nature) or teams.get("unknown") or "network"

    def customers_in(self, operator: str, area: str, service: Service | None = None) -> int | None:
        """How many customers an operator has in an area.

        Args:
            operator: Id of the operator.
            area: Path of the area, nation first.
            service: The service whose customers are counted; None = customers of any service.

        Returns:
            The number of customers, 0 or more; None if the operator is unknown or nobody said.
        """
        row = self.operators.get(operator)
        if row is None:
            return None
        return self.once(("customers_in", operator, area, service), lambda: row.customers_in(area, service))

    def customers_near(self, operator: str, area: str, service: Service | None = None) -> int | None:
        """About how many customers an operator has in an area of which nobody stated a number.

        The nation's, as far as its inhabitants live there; None if the nation's are not stated either.

        Args:
            operator: Id of the operator.
            area: Path of the area, nation first.
            service: The service whose customers are counted; None = customers of any service.
        """
        nation, row = nation_of(area), self.operators.get(operator)
        if row is None or nation not in row.customers:  # a sum of some towns is not the nation
            return None
        everywhere, living = self.customers_in(operator, nation, service), self.inhabitants_of(nation)
        return everywhere * self.inhabitants_of(area) // living if everywhere and living else None

    def serves(self, operator: str, area: str) -> bool:
        """Can the operator be down there?

        Not where it has no customers in the whole region, though it says where they are: such
        a place was misread ("Südstadt" is in many cities), or is a traveller's.
        """
        row, region = self.operators.get(operator), region_of(area)
        known = {region_of(path) for path, stated in row.customers.items() if stated} if row else set()
        return not known or region in known or region == nation_of(area) or nation_of(area) in known


def reference_from(
    operators: Operators,
    places: Places,
    wording: Wording,
    metrics: Metrics | None = None,
    belief: BeliefTable = AS_SAID,
    durations: DurationTable | None = None,
) -> CorrelateReference:
    """The reference as the program uses it, from the compiled files.

    Args:
        operators: Brands, hosts, teams, customers; and the markets.
        places: The tree of places.
        wording: The sentences that people read.
        metrics: What figures of telemetry mean; None = by rule alone.
        belief: How often what the account says came true.
        durations: How long outages last; None = as the settings have it.
    """

    def name_of(area: str) -> str:
        place = places.get(area)
        return place.name if place else area.rpartition("/")[2]

    def inhabitants_of(area: str) -> int:
        place = places.get(area)
        return place.population if place else 0

    return CorrelateReference(
        operators=operators,
        inhabitants_of=inhabitants_of,
        parts_of=lambda area: len(places.children(area)),
        distance_km=places.distance_km,
        name_of=name_of,
        wording=wording,
        metrics=metrics or Metrics(),
        belief=belief,
        durations=durations,
    )
