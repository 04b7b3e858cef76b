"""Operators, whose network they run on, and how people call them; and the markets they sell in.

Many brands are ordinary words: orange, free, three, sky, o2. So each alias says
what it *needs* before a text that has it is about the operator:

* `nothing`: unmistakable in any case: `@orange_france`, `netcologne`.
* `capital`: a word when lower-case: it counts if written with a capital that no
  beginning of a sentence explains, or all in capitals, or where `context` would do.
* `context`: a word in any case ("Free", "Three", "EE"): it counts only beside a
  word of the trade (network, signal, box, Netz, réseau), or beside a sure
  alias of the same operator, or if the record itself names the operator.

An alias of two markets ("O2") is the operator of the record's market, of its
language's markets if there is none, else of nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.series import is_within
from pipeline.records.vocabulary import Area, Currency, DialledNumber, Key, Language, Service, Short, TimeZone
from pipeline.records.vocabulary import Market as MarketId

Needs = Literal["nothing", "capital", "context"]
TeamKey = Literal["technical", "content", "planned", "external", "unknown", "care"]
Customers = Mapping[Literal["total"] | Service, Annotated[int, msgspec.Meta(ge=0)]]


class Market(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A country and what holds in all of it.

    Attributes:
        id: ISO 3166-1 code: `DE`.
        name: For tables.
        languages: Those of its customers, the most usual first.
        time_zone: IANA; texts for people are in it.
        currency: ISO 4217.
        emergency_numbers: What people dial for help, the most general first.
        holidays: Path of the area whose calendar `calendars.is_holiday` follows: a nation or one region of it.
        never_places: Names that in this market mean no place of it: "Bruxelles" in France. Lower-case.
    """

    id: MarketId
    name: Short
    languages: tuple[Language, ...]
    time_zone: TimeZone
    currency: Currency
    emergency_numbers: tuple[DialledNumber, ...]
    holidays: Area
    never_places: tuple[str, ...] = ()


class Alias(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way to call an operator, and what must hold before it is believed (see the module's text).

    Attributes:
        beside: One of these words must stand near it, if there are any: "network" for Rogers.
        not_after: Words before it that make it something else: "Aaron" Rogers.
        not_before: Words behind it that do: Rogers "Centre".
    """

    text: Annotated[str, msgspec.Meta(min_length=2, max_length=64)]
    needs: Needs = "nothing"
    beside: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Operator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A brand on a market.

    Attributes:
        id: `netcologne`; lower-case.
        name: As the brand writes it.
        market: Id of its market.
        services: What it sells.
        aliases: Names, @handles and #hashtags.
        hosted_on: Id of the operator whose network it runs on; None = its own.
        roams_on: Id of the operator on whose network its customers are where its own does not reach; None = nobody's.
        time_zone: Only if it is not the market's.
        teams: Who works on an incident, by its nature; `care` answers customers.
        customers: By path of area; `total`, or by service. A number in the file means `total`.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: Short
    market: MarketId
    services: tuple[Service, ...]
    aliases: tuple[Alias, ...] = ()
    hosted_on: Key | None = None
    roams_on: Key | None = None
    time_zone: TimeZone | None = None
    teams: Mapping[TeamKey, Key] = {}
    customers: Mapping[Area, Annotated[int, msgspec.Meta(ge=0)] | Customers] = {}

    def customers_in(self, area: str, service: Service | None = None) -> int | None:
        """Customers in an area and all below it; None if nobody said.

        Args:
            area: Path.
            service: Customers of this service; those of whom only a total is known count as well.
        """
        known = [_number(stated, service) for path, stated in self.customers.items() if is_within(path, area)]
        numbers = [number for number in known if number is not None]
        return sum(numbers) if numbers else None


class OwnedAlias(msgspec.Struct, frozen=True, kw_only=True):
    """An alias together with whose it is: what the text rules are compiled from.

    Attributes:
        text: As written in the file; a hashtag without its sign.
        folded: Case-folded: compare with this.
        kind: `handle` (an account), `name` (needs nothing) or `ambiguous` (needs `capital` or `context`).
        beside: As in `Alias`, and so are the next two.
    """

    text: str
    folded: str
    operator: str
    market: str
    needs: Needs
    kind: Literal["handle", "name", "ambiguous"]
    beside: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Operators:
    """All operators and markets, compiled and checked against each other."""

    def __init__(self, operators: dict[str, Operator], markets: dict[str, Market]) -> None:
        """Use `from_rows`, which also checks."""
        self._operators = operators
        self._markets = markets

    @classmethod
    def from_rows(cls, rows: Iterable[Operator], markets: Iterable[Market]) -> Self:
        """Compile.

        Raises:
            ConfigError: Lists every duplicate, unknown market, unknown or circular host, unknown partner of roaming.
        """
        rows, markets = list(rows), list(markets)
        operators = {row.id: row for row in rows}
        known = {market.id: market for market in markets}
        problems = [*_duplicates("operator", [r.id for r in rows]), *_duplicates("market", [m.id for m in markets])]
        for row in rows:
            problems += _problems_of(row, operators, known)
        if problems:
            raise ConfigError("\n".join(problems))
        return cls(operators, known)

    def __iter__(self) -> Iterator[Operator]:
        """All operators, in the order of their rows."""
        return iter(self._operators.values())

    def __contains__(self, operator: object) -> bool:
        """Is the id known?"""
        return operator in self._operators

    def __len__(self) -> int:
        """Number of operators."""
        return len(self._operators)

    @property
    def markets(self) -> Mapping[str, Market]:
        """Markets by id."""
        return self._markets

    def get(self, operator: str) -> Operator | None:
        """The operator of an id; None if unknown."""
        return self._operators.get(operator)

    def in_market(self, market: str) -> tuple[str, ...]:
        """Ids of the market's operators, sorted."""
        return tuple(sorted(row.id for row in self if row.market == market))

    def host_of(self, operator: str) -> str | None:
        """Whose network an operator runs on; itself if on its own; None if unknown."""
        row = self._operators.get(operator)
        while row is not None and row.hosted_on is not None:
            row = self._operators[row.hosted_on]
        return row.id if row else None

    def roams_on(self, operator: str) -> str | None:
        """On whose network an operator's customers are where its own does not reach; None = on nobody's, or unknown."""
        row = self._operators.get(operator)
        return row.roams_on if row else None

    def hosted_by(self, operator: str) -> tuple[str, ...]:
        """Ids of those who run on this operator's network, directly or through another; sorted."""
        return tuple(sorted(r.id for r in self if r.id != operator and operator in self._hosts(r)))

    def _hosts(self, row: Operator) -> Iterator[str]:
        while row.hosted_on is not None:
            row = self._operators[row.hosted_on]
            yield row.id

    def time_zone(self, operator: str) -> str:
        """IANA zone of an operator, else of its market.

        Raises:
            KeyError: If the operator is unknown.
        """
        row = self._operators[operator]
        return row.time_zone or self._markets[row.market].time_zone

    def team_for(self, operator: str, nature: TeamKey) -> str | None:
        """Who works on an incident of this nature; the team for `unknown` if none is named for it."""
        row = self._operators.get(operator)
        return None if row is None else row.teams.get(nature) or row.teams.get("unknown")

    def aliases(self) -> Iterator[OwnedAlias]:
        """Every alias of every operator, in the order of their rows.

        A hashtag comes without its sign, and not at all if the word is an ambiguous alias of
        the operator as well: as a hashtag that is sure by itself.
        """
        for row in self:
            ambiguous = {alias.text.casefold() for alias in row.aliases if alias.needs != "nothing"}
            for alias in row.aliases:
                text = alias.text.removeprefix("#")
                if text == alias.text or text.casefold() not in ambiguous:
                    yield OwnedAlias(
                        text=text,
                        folded=text.casefold(),
                        operator=row.id,
                        market=row.market,
                        needs=alias.needs,
                        kind=_kind(alias),
                        beside=alias.beside,
                        not_after=alias.not_after,
                        not_before=alias.not_before,
                    )


def _kind(alias: Alias) -> Literal["handle", "name", "ambiguous"]:
    if alias.needs != "nothing":
        return "ambiguous"
    return "handle" if alias.text.startswith("@") else "name"


def _number(stated: int | Customers, service: Service | None) -> int | None:
    if isinstance(stated, int):
        return stated
    if service is not None:
        return stated.get(service, stated.get("total"))
    return stated.get("total", max(stated.values(), default=None))


def _duplicates(what: str, ids: list[str]) -> list[str]:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    return [f"{what} {name!r}: stated {ids.count(name)} times; must be stated once" for name in twice]


def _problems_of(row: Operator, operators: Mapping[str, Operator], markets: Mapping[str, Market]) -> list[str]:
    found = []
    if row.market not in markets:
        found.append(f"operator {row.id!r}: market {row.market!r} is not one of {', '.join(sorted(markets))}")
    found += [
        f"operator {row.id!r}: customers in {area!r}: must be in its market {row.market!r}"
        for area in row.customers
        if not is_within(area, row.market)
    ]
    if row.roams_on is not None and (row.roams_on not in operators or row.roams_on == row.id):
        found.append(f"operator {row.id!r}: roams_on {row.roams_on!r} is not the id of another operator")
    seen, at = {row.id}, row
    while at.hosted_on is not None:
        host = operators.get(at.hosted_on)
        if host is None or host.id in seen:
            why = "is not the id of an operator" if host is None else "leads back to itself"
            found.append(
                f"operator {row.id!r}: hosted_on {at.hosted_on!r} {why}; name the operator whose network it is"
            )
            break
        seen.add(host.id)
        at = host
    return found
