"""Forms: the ways in which a place's name may stand in a text.

A sign says "Lauf an der Pegnitz" and "Saint-Gaudens", a post "lauf a.d. pegnitz" and "St-Gaudens"; a French article
melts into the word before it ("au Havre"), German and English names have a genitive ("Hamburgs", "Dunfermline's").
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.ingest.text.matching import gathered
from pipeline.ingest.text.placing.settling import Site
from pipeline.reference.places import PlaceName

ADJECTIVE_POPULATION_MIN: Final = 100_000
"""German cities of this size are adjectives: "Kölner"."""

POSSESSIVE_POPULATION_MIN: Final = 5_000
"""Names of this size, and those of several words, are looked for with an s behind them."""

ADJECTIVE_LEVEL_MIN: Final = 2
"""Only towns and what is smaller are adjectives ("Kölner"), not regions."""

_SHORT = (
    (re.compile(r"\b(?:Saint|Sankt)(?=[- ])"), ("St", "St.")),
    (re.compile(r"\bSainte(?=[- ])"), ("Ste", "Ste.")),
    (re.compile(r"\bSt (?=[A-Z])"), ("St. ",)),
    (re.compile(r"\bSt\. (?=[A-Z])"), ("St ", "Saint ")),
    (re.compile(r"^Fort (?=[A-Z])"), ("Ft ", "Ft. ")),
    (re.compile(r"^Mount (?=[A-Z])"), ("Mt ", "Mt. ")),
    (re.compile(r" an der "), (" a.d. ", " a d ", " ad ", " ")),
    (re.compile(r" in der "), (" i.d. ", " i d ", " id ", " ")),
    (re.compile(r" am "), (" a. ", " a ", " ")),
    (re.compile(r" im "), (" i. ", " i ", " ")),
    (re.compile(r" ob der "), (" o.d. ",)),
    (re.compile(r" \(([^()]+)\)$"), (r" \1",)),
)
_SHORTENED = re.compile(r"^(?:Fort|Mount) |\b(?:St\.? |Sainte?|Sankt|an der|in der|am|im|ob der)\b|\)$")
_ARTICLES: Final = {"Le ": ("au ", "du "), "Les ": ("aux ", "des ")}


def forms_of(names: Iterable[PlaceName]) -> dict[str, tuple[Site, ...]]:
    """All folded forms of names, each with what it may mean, the most populous first.

    A name as it stands comes before a form of another: "Wells" is not that of a Well.

    Args:
        names: Names of all places, in any order.
    """
    rows = sorted(set(names), key=lambda name: (-name.population, name.area, name.name))
    plain = [(form, Site(name.area, name.population, name.market)) for name in rows for form in spellings_of(name.name)]
    sites = gathered([*plain, *(row for name in rows for row in _inflected(name))])
    for name, of in list(sites.items()):
        large = of[0].population >= POSSESSIVE_POPULATION_MIN or " " in name
        if large and not of[0].form and name[-1:].isalpha() and name[-1] != "s":
            sites.setdefault(f"{name}s", tuple(site._replace(form="possessive") for site in of if not site.form))
    return sites


def spellings_of(name: str) -> tuple[str, ...]:
    """A name as it stands and with what people shorten in it.

    >>> spellings_of("Lauf an der Pegnitz")
    ('Lauf an der Pegnitz', 'Lauf a.d. Pegnitz', 'Lauf a d Pegnitz', 'Lauf ad Pegnitz', 'Lauf Pegnitz')
    >>> spellings_of("Saint-Gaudens"), spellings_of("Halle (Saale)")
    (('Saint-Gaudens', 'St-Gaudens', 'St.-Gaudens'), ('Halle (Saale)', 'Halle Saale'))
    """
    if _SHORTENED.search(name) is None:
        return (name,)
    found = dict.fromkeys((name,))
    for long, short in _SHORT:
        if long.search(name):
            found |= dict.fromkeys(long.sub(form, name, count=1) for form in short)
    return tuple(found)


def _inflected(name: PlaceName) -> Iterator[tuple[str, Site]]:
    """Adjectives of German cities ("Kölner", "Bremer", "Münchner"; some exist, the others do no harm); "au Havre"."""
    if _is_adjective(name):
        stem = name.name.removesuffix("en")
        for form in dict.fromkeys((name.name, stem, f"{stem}n")):
            yield f"{form}er", Site(name.area, name.population, name.market, "adjective")
    for article, melted in _ARTICLES.items() if name.market == "FR" else ():
        if name.name.startswith(article):
            for form in melted:
                yield (
                    form + name.name.removeprefix(article),
                    Site(name.area, name.population, name.market, "contracted"),
                )


def _is_adjective(name: PlaceName) -> bool:
    large = name.market == "DE" and name.population >= ADJECTIVE_POPULATION_MIN
    return large and " " not in name.name and name.area.count("/") >= ADJECTIVE_LEVEL_MIN
