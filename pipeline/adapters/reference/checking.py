"""What a reference still lacks, named all at once: what must be there, and what would make it better.

A mistake in a file is told by whoever reads it, at every start. This asks further: a market without a lexicon of its
languages, without a number to dial or a town is no mistake in any file, and yet hears nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.adapters.reference.belief import load_belief, load_durations, load_kinds
from pipeline.adapters.reference.folder import load_elements, load_hours, load_metrics, load_operators, load_places
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.reference.own_market.starting import FILL_IN
from pipeline.adapters.reference.wording import read_wording
from pipeline.records.errors import ConfigError
from pipeline.reference.calendars import is_calendar
from pipeline.reference.operators import Market, Operator, Operators
from pipeline.reference.places import Places
from pipeline.reference.words import Lexicon
from pipeline.wording.sentences import Wording

T = TypeVar("T")


class Lack(NamedTuple):
    """One thing that is missing.

    Attributes:
        weight: `missing`: something does not work without it; `open`: it works, and worse.
        about: The market or operator, or a file.
        words: What is missing and what to do.
    """

    weight: Literal["missing", "open"]
    about: str
    words: str


class _Files(NamedTuple):
    operators: Operators
    places: Places
    lexicon: Lexicon
    wording: Wording


def lacks_of(folder: Path, gazetteer: Path | None = None) -> list[Lack]:
    """All that is missing in a reference folder, markets in the order of their files.

    Args:
        folder: The reference folder.
        gazetteer: Folder of a gazetteer of one's own; None = the one that comes along.

    Returns:
        First what cannot be read at all; then, of a reference that can, what each market and operator lacks.
    """
    lacks: list[Lack] = []
    operators = _read(lambda: load_operators(folder), lacks)
    places = _read(lambda: load_places(gazetteer, reference=folder), lacks)
    lexicon = _read(lambda: read_lexicon(folder / "lexicon"), lacks)
    wording = _read(lambda: read_wording(folder / "wording"), lacks)
    _read(lambda: load_metrics(folder), lacks)
    _read(lambda: load_belief(folder), lacks)
    _read(lambda: load_durations(folder), lacks)
    _read(lambda: load_kinds(folder), lacks)
    if operators is None or places is None or lexicon is None or wording is None:
        return lacks
    _read(lambda: load_elements(folder, operators=operators, places=places), lacks)
    _read(lambda: load_hours(folder, operators), lacks)
    files = _Files(operators, places, lexicon, wording)
    for market in operators.markets.values():
        lacks += _of_market(market, files)
    for operator in operators:
        lacks += _of_operator(operator, places)
    return lacks


def _read(load: Callable[[], T], lacks: list[Lack]) -> T | None:
    try:
        return load()
    except ConfigError as error:
        lacks += [Lack("missing", "files", line) for line in str(error).splitlines()]
        return None


def _of_market(market: Market, files: _Files) -> Iterator[Lack]:
    called = f"market {market.id}"
    yield from _of_languages(market, called, files)
    if not market.emergency_numbers:
        yield Lack("missing", called, "no emergency_numbers: no text is a claim that help cannot be called; name them")
    if not is_calendar(market.holidays):
        words = f"holidays = {market.holidays!r}: no such calendar"
        yield Lack("missing", called, f"{words}; name a country or region that the package holidays knows")
    if not _is_zone(market.time_zone):
        words = f"time_zone = {market.time_zone!r}: no such zone"
        yield Lack("missing", called, f"{words}; name one of IANA: Europe/Brussels")
    if not files.operators.in_market(market.id):
        yield Lack("missing", called, "no operator; add one to its file or to operators.toml")
    yield from _of_tree(market.id, called, files.places)


def _of_languages(market: Market, called: str, files: _Files) -> Iterator[Lack]:
    if not market.languages:
        yield Lack("missing", called, "no languages; name those of its customers, the most usual first")
    for code in market.languages:
        if code not in files.lexicon.languages:
            words = f"speaks {code}, and there is no lexicon/{code}.toml: its complaints are not understood"
            yield Lack("missing", called, f"{words}; copy the lexicon of a near language and translate it")
        if code not in files.wording:
            words = f"speaks {code}, and there is no wording/{code}.toml: its customers cannot be told"
            yield Lack("missing", called, f"{words}; copy wording/en.toml and translate it")


def _of_tree(market: str, called: str, places: Places) -> Iterator[Lack]:
    if market not in places:
        words = f"no place at all: every complaint is of the whole country; run: tocsin reference places {market}"
        yield Lack("missing", called, words)
        return
    regions = places.children(market)
    if not regions:
        words = (
            f"no region: nothing is told apart by place; add [[region]] rows, then: tocsin reference places {market}"
        )
        yield Lack("missing", called, words)
    for area in regions:
        place = places.get(area)
        if place is not None and place.name.startswith(FILL_IN):
            yield Lack("missing", called, f"region {area} is called {place.name!r}; write its name, then build again")
        if place is not None and place.kind == "region" and not places.children(area):
            yield Lack("missing", called, f"region {area} ({place.name}) has no town; see its code of geonames")
    if not places.has_postcodes(market):
        yield Lack("open", called, "no postcodes: tickets need a place; add a column postcodes to own_places.csv")


def _of_operator(operator: Operator, places: Places) -> Iterator[Lack]:
    called = f"operator {operator.id}"
    if operator.name.startswith(FILL_IN) or operator.id.startswith("fill-in"):
        yield Lack("missing", called, f"is called {operator.name!r}; write its id and name")
    if not operator.services:
        yield Lack("missing", called, "no services; name what it sells")
    if not operator.aliases:
        yield Lack("missing", called, "no aliases: no post is about it; name how people call it")
    if not operator.teams:
        yield Lack("open", called, "no teams: incidents go to `network`; name them here or in [teams]")
    if not operator.customers:
        words = "no customers: impact is not estimated and no region is its own; name them by area"
        yield Lack("open", called, words)
    for area in operator.customers:
        if area not in places:
            yield Lack("missing", called, f"customers in {area!r}: no such area; take a path of the place tree")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
