"""The place tree: find an area by path, postcode, position or a few words of text.

A wrong place does more harm than a wide one: it opens an incident where all is
well. So `resolve` answers with the smallest area that is *sure*: a name that
two towns of like size share gives the area which both lie in ("Neustadt" is
somewhere in Germany), and a word that only happens to be a village's name
gives nothing.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple, Self

from msgspec.structs import replace

from pipeline.reference.gazetteer import Place, Postcode, common_area, fold, foldings
from pipeline.reference.placing.quarters import PART_POPULATION_MAX, CityQuarters, cities_of, names_of_quarters

_NUMBERED: Final = re.compile(r"\d{2,3}|2[ab]")
"""The number of a French département, as its path has it."""

TEXT_CHARS_MAX: Final = 200
"""More than the longest location field of a platform (150); the rest is not read."""
LEAD_RATIO: Final = 2
"""A town wins over its namesakes if it has this many times the inhabitants of the second; Frankfurt has 11 times."""
UNPROMPTED_POPULATION_MIN: Final = 15_000
"""Without market or wider area, a name must be that of a town of this size: Earth is a town in Texas."""
TRIMMED_POPULATION_MIN: Final = 20_000
"""A name that is only part of the text ("somewhere in Leeds") must be that of a town of this size."""
TRIMMED_CHARS_MIN: Final = 4
SHADOW_RATIO: Final = 20
"""A region with more than this many times the inhabitants hides a town of its name; New York has 2 times its city's."""
CONTAINER_KM: Final = 30.0
"""In "A, B" a town A this near to B is meant; further away it is taken for an unknown part of B."""

LANDSCAPE_POPULATION: Final = 100_000
"""As if it had so many inhabitants is a landscape or county looked for that is no area of its own."""

_LIST = re.compile(r"[/|&;•·+]|\b(?:und|et|and)\b", re.IGNORECASE)
_COMMAS = re.compile(r"[,()\n\[\]]|\s[-–—]\s")
_CODE = re.compile(r"(?<![\w])(?:D-|F-)?(\d{5})(?!\w)")
_LAND = re.compile(r"^[A-Z]{1,2}-(?=\d)")
_CELL_DEG: Final = 0.5


class PlaceName(NamedTuple):
    """A name to look for in running text.

    Attributes:
        name: Surface form, as written.
        area: What it means.
        population: Inhabitants of the area: among equal names the greatest wins.
        market: Nation of the area.
    """

    name: str
    area: str
    population: int
    market: str


class Places:
    """The place tree, compiled from rows; immutable after that.

    >>> towns = [Place(area="DE/NW/koeln", name="Köln", kind="town", population=1_000_000, names=("Cologne",))]
    >>> places = Places.from_rows([Place(area="DE", name="Deutschland", kind="nation"), *towns])
    >>> places.resolve("Cologne"), places.resolve("Köln-Ehrenfeld", "DE"), places.resolve("Atlantis")
    ('DE/NW/koeln', 'DE/NW/koeln', None)
    """

    def __init__(
        self,
        by_area: dict[str, Place],
        abroad: list[Place],
        postcodes: dict[tuple[str, str], str],
        quarters: Sequence[CityQuarters] = (),
    ) -> None:
        """Use `from_rows`."""
        self._by_area = by_area
        self._quarters = [city for city in quarters if city.area in by_area]
        self._city_of = cities_of(self._quarters)
        self._postcodes = postcodes
        self._strong: dict[str, list[Place]] = {}
        self._wide: dict[str, list[Place]] = {}
        self._hints: dict[str, list[Place]] = {}
        self._shadowed: set[str] = set()
        for place in (*by_area.values(), *abroad):
            self._index(place)
        self._shadow()

    @classmethod
    def from_rows(
        cls, rows: Iterable[Place], postcodes: Iterable[Postcode] = (), quarters: Sequence[CityQuarters] = ()
    ) -> Self:
        """Compile the tree.

        Args:
            rows: Places in any order; a later row with the same path replaces the earlier.
            postcodes: A later row with the same market and code replaces the earlier.
            quarters: Names that mean a city, by city; one that has no row is left out.
        """
        by_area = {row.area: row for row in rows}
        abroad = [row for row in by_area.values() if row.kind == "abroad"]
        for row in abroad:
            del by_area[row.area]
        return cls(by_area, abroad, {(row.market, row.code): row.area for row in postcodes}, quarters)

    def _index(self, place: Place) -> None:
        if place.kind in ("town", "part"):
            names = place.names if place.kind == "part" else (place.name, *place.names)
            table = self._strong
        else:
            names, table = (place.name, *place.names), self._wide
            for key in {key for name in place.other_names for key in foldings(name)}:
                self._hints.setdefault(key, []).append(place)
        for key in dict.fromkeys(key for name in names for key in foldings(name)):
            table.setdefault(key, []).append(place)
        if own := place.quarters if place.kind != "part" else (place.name,):
            part = replace(place, population=min(place.population, PART_POPULATION_MAX))
            for key in dict.fromkeys(key for name in own for key in foldings(name)):
                table.setdefault(key, []).append(part)

    def _shadow(self) -> None:
        """Forget villages that are called like a nation or region: nobody means Hessen near Osterwieck."""
        for key, wide in self._wide.items():
            towns = self._strong.get(key)
            if towns and SHADOW_RATIO * max(t.population for t in towns) < max(w.population for w in wide):
                del self._strong[key]
                self._shadowed.add(key)

    @cached_property
    def _weak(self) -> dict[str, list[Place]]:
        """Names that are believed only in a place field; made when first asked for."""
        table: dict[str, list[Place]] = {}
        for place in self._by_area.values():
            if place.kind in ("town", "part"):
                for key in dict.fromkeys(key for name in place.other_names for key in foldings(name)):
                    table.setdefault(key, []).append(place)
        return table

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        table: dict[str, list[str]] = {}
        for area in sorted(self._by_area):
            table.setdefault(area.rpartition("/")[0], []).append(area)
        return {area: tuple(below) for area, below in table.items()}

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[Place]]:
        table: dict[tuple[int, int], list[Place]] = {}
        for place in self._by_area.values():
            if place.kind == "town":
                table.setdefault((int(place.lat // _CELL_DEG), int(place.lon // _CELL_DEG)), []).append(place)
        return table

    def __len__(self) -> int:
        """Number of areas."""
        return len(self._by_area)

    def __contains__(self, area: object) -> bool:
        """Is the path known?"""
        return area in self._by_area

    def __iter__(self) -> Iterator[Place]:
        """All places, in the order of their rows."""
        return iter(self._by_area.values())

    def get(self, area: str) -> Place | None:
        """The place of a path; None if unknown."""
        return self._by_area.get(area)

    def ancestors(self, area: str) -> list[Place]:
        """Known areas above, nearest first."""
        found = []
        while area := area.rpartition("/")[0]:
            if place := self._by_area.get(area):
                found.append(place)
        return found

    def children(self, area: str) -> tuple[str, ...]:
        """Paths of the areas directly below, sorted; `''` has the nations."""
        return self._children.get(area, ())

    def by_postcode(self, market: str, code: str) -> str | None:
        """Area of a postcode; None if the code or the market's codes are unknown.

        Args:
            market: Nation.
            code: Blanks, case and a leading `D-` or `F-` do not matter; of a code with letters ("M5V 2T6") the longest
                known beginning counts, 3 characters or more, as people give districts by it.
        """
        bare = _LAND.sub("", code.replace(" ", "").upper())
        area = self._postcodes.get((market, bare))
        if area is None and not bare.isdigit():
            shorter = (bare[:length] for length in range(len(bare) - 1, 2, -1))
            area = next((found for code in shorter if (found := self._postcodes.get((market, code)))), None)
        return area

    def has_postcodes(self, market: str) -> bool:
        """Is any postcode of this market known?"""
        return any(nation == market for nation, _ in self._postcodes)

    def distance_km(self, area: str, other: str) -> float | None:
        """Great-circle distance of two areas' centres in km; None if one is unknown."""
        first, second = self._by_area.get(area), self._by_area.get(other)
        if first is None or second is None:
            return None
        return _km(first, second.lat, second.lon)

    def nearest(self, lat: float, lon: float, km_max: float = 30.0) -> str | None:
        """The town nearest to a position.

        Args:
            lat: Degrees north.
            lon: Degrees east.
            km_max: Further away than this there is no answer; at most 50.
        """
        row, column = int(lat // _CELL_DEG), int(lon // _CELL_DEG)
        best: tuple[float, str] | None = None
        cells = [(row + r, column + c) for r in (-1, 0, 1) for c in (-2, -1, 0, 1, 2)]
        for place in (place for cell in cells for place in self._cells.get(cell, ())):
            if abs(place.lat - lat) * 111.0 <= (best[0] if best else km_max):
                found = (_km(place, lat, lon), place.area)
                best = found if found[0] <= km_max and (best is None or found < best) else best
        return best[1] if best else None

    def names(self) -> Iterator[PlaceName]:
        """Names to look for in running text, in the order of the rows.

        A part with its city ("Berlin Mitte") is as well known as its size says; alone ("Nippes") it is told like a
        small town, which needs a word that points; a village of its name then is no surer than it. A village that is
        called like a nation or region has no name.
        """
        for name, area, population in names_of_quarters(self._quarters, self._by_area):
            yield PlaceName(name, area, population, self._by_area[area].market)
        shadowed = {name for key in self._shadowed for place in self._wide[key] for name in (place.name, *place.names)}
        for place in self._by_area.values():
            if place.area not in self._city_of:
                yield from _names_of(place, shadowed)

    def postcode_names(self) -> Iterator[PlaceName]:
        """Postcodes as names to look for, sorted; five digits are only a postcode beside a word that says so.

        A district whose path ends in a number is called by it: "dans le 34".
        """
        for (market, code), area in sorted(self._postcodes.items()):
            if place := self._by_area.get(area):
                yield PlaceName(code, area, place.population, market)
        for place in self._by_area.values():
            code = place.area.rpartition("/")[2]
            if place.kind == "district" and _NUMBERED.fullmatch(code):
                yield PlaceName(code.upper(), place.area, place.population, place.market)

    def resolve(self, text: str, market: str | None = None) -> str | None:
        """The smallest area that a short free-text place surely means.

        The rule, in order:

        1. A postcode of the market is believed; without a market only if a name beside it agrees.
        2. "A, B" means A in B; a nation or region anywhere ("UK", "Texas") limits the candidates; of
           several places ("Köln / Berlin") the area that all lie in is taken.
        3. The whole part is looked up before its beginnings and ends ("Köln Ehrenfeld" is in Köln).
        4. Among namesakes the one with twice the inhabitants of the second wins, else what they have in common.

        Args:
            text: As the sender wrote it; read up to 200 characters.
            market: Nation that limits the candidates; None = any.

        Returns:
            A path, or None for "no opinion".
        """
        text = text[:TEXT_CHARS_MAX]
        codes = _CODE.findall(text)
        named = self._resolve_list(_CODE.sub(" ", text) if codes else text, market)
        named = self._city_of.get(named, named) if named else None
        for code in codes:
            area = self._by_code(code, market, named)
            if area:
                return named if named and named.startswith(area + "/") else area
        return named

    def _by_code(self, code: str, market: str | None, named: str | None) -> str | None:
        if market:
            return self._postcodes.get((market, code))
        if named is None:
            return None
        area = self._postcodes.get((named.partition("/")[0], code))
        return area if area and len((common_area([area, named]) or "").split("/")) > 1 else None

    def _resolve_list(self, text: str, market: str | None) -> str | None:
        whole = self._look_up(fold(text), market, [])
        if whole:
            return whole
        items = [item for item in _LIST.split(text) if item.strip()]
        found = [area for item in items if (area := self._resolve_parts(item, market))]
        return common_area(found) if found else None

    def _resolve_parts(self, text: str, market: str | None) -> str | None:
        parts = [part for part in (fold(piece) for piece in _COMMAS.split(text)) if part]
        parts, hints = self._take_hints(parts, market)
        if any(hint.kind == "abroad" for hint in hints) and all(hint.kind == "abroad" for hint in hints):
            return None
        within = [h.area for h in hints if h.kind != "abroad" and (market is None or h.market == market)]
        if hints and not within:
            return None
        found = [area for part in parts if (area := self._look_up(part, market, within, trim=True))]
        if not found:
            return common_area(_deepest(within)) if within else None
        return self._in_container(found)

    def _take_hints(self, parts: list[str], market: str | None) -> tuple[list[str], list[Place]]:
        """Set apart what names a nation or a region: "houston tx" -> ["houston"], [Texas]."""
        rest: list[str] = []
        hints: list[Place] = []
        for number, part in enumerate(parts):
            wide = self._wide.get(part) or (self._hints.get(part) if number else None)
            if wide and (number or not any(market in (None, town.market) for town in self._strong.get(part, ()))):
                hints += wide
                continue
            head, _, tail = part.rpartition(" ")
            wide = (self._wide.get(tail) or self._hints.get(tail)) if head in self._strong else None
            hints += wide or []
            rest.append(head if wide else part)
        return rest, hints

    def _look_up(self, key: str, market: str | None, within: list[str], *, trim: bool = False) -> str | None:
        prompted = market is not None or bool(within)
        for table in (self._strong, self._weak):
            found = _candidates(table.get(key, ()), market, within)
            if found and (prompted or found[0].population >= UNPROMPTED_POPULATION_MIN):
                return _winner(found)
        if not trim:
            return None
        words = key.split(" ")
        shorter = [words[:n] for n in range(len(words) - 1, 0, -1)] + [words[n:] for n in range(1, len(words))]
        for length in shorter:
            name = " ".join(length)
            found = _candidates(self._strong.get(name, ()), market, within) if len(name) >= TRIMMED_CHARS_MIN else []
            if found and found[0].population >= TRIMMED_POPULATION_MIN:
                return _winner(found)
        return None

    def _in_container(self, found: list[str]) -> str:
        """Which area "A, B" means: A if it lies in or near B, else B."""
        inner, outer = found[0], found[-1]
        if inner == outer or inner.startswith(outer + "/"):
            return inner
        if outer.startswith(inner + "/"):
            return outer
        km = self.distance_km(inner, outer)
        return inner if km is not None and km <= CONTAINER_KM else outer


def _names_of(place: Place, shadowed: Container[str]) -> Iterator[PlaceName]:
    """Names of one place."""
    if place.kind == "part":
        yield PlaceName(place.name, place.area, min(place.population, PART_POPULATION_MAX), place.market)
    elif place.kind != "town" or place.name not in shadowed:
        yield PlaceName(place.name, place.area, place.population, place.market)
    for name in place.names:
        if place.kind != "town" or name not in shadowed:
            yield PlaceName(name, place.area, place.population, place.market)
    most = LANDSCAPE_POPULATION if place.kind == "region" else PART_POPULATION_MAX
    for name in place.quarters:
        yield PlaceName(name, place.area, min(place.population, most), place.market)
        if place.kind == "town":
            yield PlaceName(f"{place.name} {name}", place.area, place.population, place.market)


def _candidates(places: Iterable[Place], market: str | None, within: list[str]) -> list[Place]:
    """Those inside market and one of the wider areas, most populous first."""
    found = [
        place
        for place in places
        if (market is None or place.market == market)
        and (not within or any(place.area.startswith(area + "/") or place.area == area for area in _deepest(within)))
    ]
    return sorted(found, key=lambda place: (-place.population, place.area)) if len(found) > 1 else found


def _winner(found: list[Place]) -> str | None:
    """The clear leader, or what the leaders have in common."""
    first = found[0]
    if len(found) == 1 or first.population >= LEAD_RATIO * found[1].population > 0:
        return first.area
    rivals = [place.area for place in found if LEAD_RATIO * place.population > first.population]
    return common_area(rivals) if len(rivals) > 1 else first.area


def _deepest(areas: list[str]) -> list[str]:
    """Without those that contain another of them."""
    return [area for area in areas if not any(other.startswith(area + "/") for other in areas)]


def _km(place: Place, lat: float, lon: float) -> float:
    from geopy.distance import great_circle  # here, since it loads a client of web services that few runs need

    return float(great_circle((place.lat, place.lon), (lat, lon)).km)
