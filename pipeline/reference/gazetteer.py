"""How a town gets its path, and which of its names are worth looking for.

A path must not depend on who built the gazetteer: ids in recordings, settings
and published incidents are made of paths. So slugs are given in one order
(most populous first, then GeoNames id), and rows that only some machines have
(the French communes of an npm package) come after all the others.

GeoNames knows a hundred names for Cologne: `Keln` and `kolon` are
transliterations, not what people here write. Names are therefore of two kinds.
*Names* are looked for in running text: the place's own, its short form, and
those that `place_names.toml` adds. *Other names* are believed only in a field
that is meant to hold a place.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec

UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "œ": "oe", "Œ": "Oe", "æ": "ae"}
)
LIGATURES: Final = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
SHORT_WORDS: Final = {"saint": "st", "sankt": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
"""Words that people shorten: both spellings fold to the short one."""
OTHER_NAMES_POPULATION_MIN: Final = 5_000
"""Below it a town's foreign names are dropped: nobody writes them, and they are half of the file."""
PART_OF_POPULATION_MIN: Final = 100_000
"""Only a city of this size has parts of its own in GeoNames ("Lyon 03")."""
PART_DISTANCE_DEG: Final = 0.2
"""Largest difference of latitude and longitude of a part from its city: 22 km north-south, about 15 east-west."""

_NOT_WORD = re.compile(r"[^\w]+|_")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_OTHER_NAME = re.compile(r"[A-ZÄÖÜÀÂÇÉÈÊËÎÏÔÙÛŒ][A-Za-zÄÖÜäöüßÀÂÇÉÈÊËÎÏÔÙÛŒàâçéèêëîïôùûœ '.-]{3,39}")
_NUMBERED_PART = re.compile(r"(Paris|Lyon|Marseille) 0?(\d{1,2})\b")
_SITUATED = re.compile(r" (?:am|an der|an den|im|in der|bei|ob der|vor der|upon|sous) ")
_STYLED = re.compile(r"(?:Universitäts- und )?(?:Hansestadt|Lutherstadt) | Lutherstadt$| I$")
"""What stands before or behind a town's name on its sign, and is never said."""
_TAIL = re.compile(
    r"-(?:(?:en|sur|sous|lès|lez|les|le|la|de|du|des|aux|au|on|upon|by|in|under|super|next)-|d'|l'|Sainte?-|(?=[A-ZÉ]))"
)
TAILED_POPULATION_MIN: Final = 5_000
"""From this size on people drop what follows a hyphen: "Digne", "Brive", "Stoke"."""
HEAD_CHARS_MIN: Final = 4
NO_HEADS: Final = frozenset(
    {
        "saint", "sainte", "château", "mont", "pont", "port", "bois", "bourg", "grand", "grande", "petit",
        "vieux", "neuf", "villeneuve", "beau", "belle", "fort", "val", "roche", "haute", "haut", "basse",
        "notre", "maisons", "groß", "klein", "ober", "unter", "nieder", "neu", "alt", "bad", "burg", "baden",
        "markt", "sankt", "main", "north", "south", "east", "west",
    }
)  # fmt: skip
"""What no town is called alone."""


class Place(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One node of the place tree.

    Attributes:
        area: Path: `DE/NW/koeln`. The parent is the path without its last segment.
        name: As the place itself writes it.
        kind: `nation`, `region`, `district`, `town` or `part` (of a town); `abroad` for a country without a market.
        lat: Degrees north, -90 to 90.
        lon: Degrees east, -180 to 180.
        population: Inhabitants; 0 = not known.
        geonameid: Id at GeoNames; None if the row has another source.
        source: `geonames`, `etalab`, `tocsin` (by hand) or `own` (the operator's file).
        names: Also looked for in running text.
        other_names: Only believed in a field that is meant to hold a place.
        quarters: Names of its quarters, or a region's of its landscapes and counties, that are no areas of their own:
            this place is meant by them.
    """

    area: str
    name: str
    kind: str
    lat: float = 0.0
    lon: float = 0.0
    population: int = 0
    geonameid: int | None = None
    source: str = "own"
    names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    quarters: tuple[str, ...] = ()

    @property
    def parent(self) -> str:
        """Path of the area above; '' above a nation."""
        return self.area.rpartition("/")[0]

    @property
    def market(self) -> str:
        """The nation that the place is in."""
        return self.area.partition("/")[0]


class Postcode(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which area a postcode means.

    Attributes:
        market: Nation of the code.
        code: As written, without blanks.
        area: Path of the smallest area that surely holds most of the code's inhabitants.
    """

    market: str
    code: str
    area: str


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """A town as a source gives it, before it has a path.

    Attributes:
        under: Path of the area that it lies in.
        rank: 0 for rows that every build has, 1 for rows that some have: they get their slugs last.
        suffix: Tells namesakes apart; the GeoNames id, or the source's own.
    """

    under: str
    name: str
    lat: float
    lon: float
    population: int
    suffix: str
    geonameid: int | None = None
    names: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    quarters: tuple[str, ...] = ()
    source: str = "geonames"
    rank: int = 0


def fold(text: str) -> str:
    """Spelling without accents, case, signs and shortened words: the key under which names are found.

    >>> fold("St. Augustin"), fold("Sankt Augustin"), fold("KÖLN-Ehrenfeld"), fold("L'Haÿ-les-Roses")
    ('st augustin', 'st augustin', 'koln ehrenfeld', 'l hay les roses')
    """
    if text.isascii():
        text = text.casefold()
    else:
        text = "".join([sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)])
        text = text.casefold().translate(LIGATURES)
    return " ".join([SHORT_WORDS.get(word, word) for word in _NOT_WORD.sub(" ", text).split()])


def foldings(name: str) -> tuple[str, ...]:
    """Every key of a name: umlauts may be written as two letters.

    >>> foldings("Köln"), foldings("Bonn")
    (('koln', 'koeln'), ('bonn',))
    """
    plain = fold(name)
    if name.isascii():
        return (plain,)
    spelt = fold(name.translate(UMLAUTS))
    return (plain,) if spelt == plain else (plain, spelt)


def slug(name: str) -> str:
    """Last segment of a path: `[a-z0-9-]`, umlauts as two letters.

    >>> slug("Köln"), slug("Saint-Étienne"), slug("Halle (Saale)"), slug("Groß-Gerau")
    ('koeln', 'saint-etienne', 'halle-saale', 'gross-gerau')
    """
    text = unicodedata.normalize("NFKD", name.translate(UMLAUTS).casefold().translate(LIGATURES))
    text = "".join([sign for sign in text if not unicodedata.combining(sign)])
    return _NOT_SLUG.sub("-", text).strip("-")[:60].strip("-")


def short_form(name: str) -> str | None:
    """What people call a town whose full name tells it from a namesake.

    >>> short_form("Frankfurt am Main"), short_form("Hennef (Sieg)"), short_form("Newcastle upon Tyne")
    ('Frankfurt', 'Hennef', 'Newcastle')
    >>> short_form("Bonn") is None
    True
    """
    head, *situated = _SITUATED.split(name, maxsplit=1)
    if head and any(situated):
        return head.strip()
    bracket = name.find("(", 1, -2) if name.endswith(")") else -1
    slash = name.find("/", 1, -1)
    cuts = [place for place in (bracket, slash) if place > 0]
    return name[: min(cuts)].strip() if cuts else None


def plain_name(name: str) -> str | None:
    """A town's name without the style that its sign gives it; None if it has none.

    >>> plain_name("Universitäts- und Hansestadt Greifswald"), plain_name("Eisleben Lutherstadt"), plain_name("Bonn")
    ('Greifswald', 'Eisleben', None)
    """
    plain = _STYLED.sub("", name)
    return plain if plain != name else None


def head_of(name: str) -> str | None:
    """What is said of a name with hyphens, if it can be said alone.

    >>> head_of("Digne-les-Bains"), head_of("Stoke-on-Trent"), head_of("Charleville-Mézières"), head_of("Saint-Denis")
    ('Digne', 'Stoke', 'Charleville', None)
    """
    for found in _TAIL.finditer(name):
        head = name[: found.start()]
        last = head.rpartition(" ")[2].rpartition("-")[2]
        if len(last) >= HEAD_CHARS_MIN and last.casefold() not in NO_HEADS:
            return head
    return None


def heads_of(towns: Iterable[Town]) -> dict[str, str]:
    """Which towns are called by the head of their name, as suffix of the town -> the head.

    A head belongs to a town that is larger than the one which has it for a name: Chester is not Chester-le-Street.
    Rows that only some builds have decide about each other, and about no other row.
    """
    bearers: dict[tuple[str, str], int] = {}
    found = {}
    for _, group in groupby(sort_towns(towns), key=lambda town: town.rank):
        rows = list(group)
        for town in rows:
            for name in {town.name, short_form(town.name) or town.name}:
                key = (town.under[:2], fold(name))
                bearers[key] = max(bearers.get(key, 0), town.population)
        for town in rows:
            head = head_of(town.name) if town.population >= TAILED_POPULATION_MIN else None
            if head and town.population > bearers.get((town.under[:2], fold(head)), 0):
                found[town.suffix] = head
    return found


def other_names(alternates: Iterable[str], population: int, known: Sequence[str]) -> tuple[str, ...]:
    """Choose the alternate names that someone here might write, sorted, and not known by another spelling.

    Args:
        alternates: All names that the source has for a place, in any language and script.
        population: Inhabitants of the place, 0 or more; a small place gets no other names.
        known: Names that the place has already.

    >>> other_names(["CGN", "Koelle", "Kölle", "kolon", "Köln", "Кёльн", "Lungsod ng Cologne"], 1_000_000, ["Köln"])
    ('Koelle', 'Kölle')
    """
    if population < OTHER_NAMES_POPULATION_MIN:
        return ()
    seen = {key for name in known for key in foldings(name)}
    likely = (name for name in sorted(set(alternates)) if _OTHER_NAME.fullmatch(name) and not name.isupper())
    return tuple(name for name in likely if not name.startswith("Lungsod") and fold(name) not in seen)


def part_names(name: str) -> tuple[str, ...]:
    """How people write a numbered part of a French city.

    >>> part_names("Paris 15 Vaugirard")
    ('Paris 15', 'Paris 15e', 'Paris 15ème')
    >>> part_names("Kreuzberg")
    ()
    """
    found = _NUMBERED_PART.match(name)
    if not found:
        return ()
    city, number = found.group(1), int(found.group(2))
    ordinals = ("1er",) if number == 1 else (f"{number}e", f"{number}ème")
    return (f"{city} {number}", *(f"{city} {ordinal}" for ordinal in ordinals))


def sort_towns(towns: Iterable[Town]) -> list[Town]:
    """The order in which slugs are given: rows of every build first, the most populous first."""
    return sorted(towns, key=lambda t: (t.rank, -t.population, t.geonameid or 0, t.suffix))


def parts_of(towns: Iterable[Town], cities: Iterable[str]) -> dict[str, str]:
    """Which rows are parts of a city, as suffix of the row -> suffix of the city.

    A row is a part if it lies in an area that is one city (`cities`: Berlin, Paris), or
    if its name begins with the name of a city of 100,000 in the same area that is near.
    """
    whole = set(cities)
    big: dict[tuple[str, str], Town] = {}
    first: dict[str, Town] = {}
    ordered = sort_towns(towns)
    for town in ordered:
        if town.population >= PART_OF_POPULATION_MIN:
            big.setdefault((town.under, town.name), town)
        first.setdefault(town.under, town)
    found: dict[str, str] = {}
    for town in ordered:
        city: Town | None = first[town.under] if town.under in whole else None
        if city is None:
            head = re.split(r"[ -]", town.name, maxsplit=1)[0]
            city = big.get((town.under, head))
        if city is not None and city is not town and _near(town, city):
            found[town.suffix] = city.suffix
    return found


def _near(town: Town, other: Town) -> bool:
    return abs(town.lat - other.lat) <= PART_DISTANCE_DEG and abs(town.lon - other.lon) <= PART_DISTANCE_DEG


def name_towns(towns: Iterable[Town], *, parts: Mapping[str, str], taken: Iterable[str] = ()) -> dict[str, Place]:
    """Give every town its path and its names.

    Args:
        towns: From all sources, in any order.
        parts: Suffix of a part -> suffix of its city (`parts_of`, and what is known by hand).
        taken: Paths that districts have already.

    Returns:
        Suffix -> place.
    """
    cities: dict[str, Town] = {}
    used = set(taken)
    places: dict[str, Place] = {}
    ordered = sort_towns(towns)
    heads = heads_of(town for town in ordered if town.suffix not in parts)
    for town in [t for t in ordered if t.suffix not in parts] + [t for t in ordered if t.suffix in parts]:
        city = cities.get(parts.get(town.suffix, ""))
        area = f"{places[city.suffix].area if city else town.under}/{slug(town.name) or town.suffix}"
        if area in used:
            area = f"{area}-{town.suffix}"
        used.add(area)
        cities[town.suffix] = town
        places[town.suffix] = _place(town, area, city.name if city else "", heads.get(town.suffix))
    return places


def _place(town: Town, area: str, city_name: str, head: str | None) -> Place:
    said = [name for name in (short_form(town.name), plain_name(town.name), head) if name]
    if city_name and not town.name.startswith(city_name):
        names = [f"{city_name} {town.name}", *town.names]
    else:
        names = [*part_names(town.name), *said, *town.names]
    return Place(
        area=area,
        name=town.name,
        kind="part" if city_name else "town",
        lat=town.lat,
        lon=town.lon,
        population=town.population,
        geonameid=town.geonameid,
        source=town.source,
        names=tuple(dict.fromkeys(names)),
        other_names=other_names(town.alternates, town.population, [town.name, *names]),
        quarters=town.quarters,
    )


def area_of_postcode(shares: Sequence[tuple[str, int]]) -> str | None:
    """The smallest area that surely holds most of a postcode's inhabitants.

    Args:
        shares: Area and inhabitants of each town with the code; at least one.

    Returns:
        The most populous town if it has at least half of the inhabitants; else the area
        that all towns have in common; None if they have none.

    >>> area_of_postcode([("FR/IDF/75/paris", 900), ("FR/IDF/92/clichy", 100)])
    'FR/IDF/75/paris'
    >>> area_of_postcode([("FR/ARA/01/a", 300), ("FR/ARA/01/b", 300), ("FR/ARA/01/c", 200)])
    'FR/ARA/01'
    """
    top, inhabitants = max(shares, key=lambda share: (share[1], share[0]))
    if len(shares) == 1 or (inhabitants > 0 and 2 * inhabitants >= sum(share[1] for share in shares)):
        return top
    return common_area([area for area, _ in shares])


def common_area(areas: Iterable[str]) -> str | None:
    """The longest path that all of them lie in; None if they are of several nations.

    >>> common_area(["DE/NW/koeln", "DE/NW/bonn"]), common_area(["DE/NW", "FR"])
    ('DE/NW', None)
    """
    paths = sorted({tuple(area.split("/")) for area in areas})
    if not paths:
        return None
    first, last = paths[0], paths[-1]
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    return "/".join(first[:shared]) or None
