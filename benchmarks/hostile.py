"""Hostile texts: what somebody would post who wants INGEST to be slow. Seeded; nothing of it is anybody's post.

A text is a unit, repeated: a run of one character of each class, two classes in
turn, a keyword of each table of the lexicon, of operators, channels and places, with
each sign between that makes the rules look again, and all keywords of a table shuffled.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.reference.words import ALARM_LISTS, Lexicon

CLASSES = (
    *(chr(code) for code in range(0x20, 0x7F)),
    *"\x00\n\téäßłñİı–—…“’°²①½ﷺﬃ中🤷９ｗ＠",
    *"\u00a0\u00ad\u0301\u200b\u200d\u2009\ud800",
)
"""A character of each class that text rules tell apart."""

SEPARATORS = (" ", "! ", ", ", ". ")
PIECES = ("@", "&#9", "&#x", "www.", "://", "t.me/", "0", "1 ", "#a", "RT @", "a.b@", "&amp", "aaa", "112 ")
MARKETS = {"de": "DE", "en": "GB", "fr": "FR"}


class Hostile(NamedTuple):
    """A unit to repeat, and the language that it is sent as."""

    kind: str
    lang: str | None
    unit: str

    def text(self, chars: int) -> str:
        """The text of a length in characters, 1 or more."""
        return (self.unit * (chars // len(self.unit) + 1))[:chars]


def tables_of(lexicon: Lexicon, operators: Iterable[str], places: Iterable[str]) -> dict[str, Sequence[str]]:
    """Every table of keywords by name; a name begins with its language, if it has one."""
    tables: dict[str, Sequence[str]] = {f"all.{row.name}": row.terms for row in lexicon.common.row}
    for code, language in lexicon.languages.items():
        tables |= {f"{code}.{row.name}": row.terms for row in language.row}
        tables |= {f"{code}.alarm.{name}": getattr(language.alarm, name) for name in ALARM_LISTS}
        for part, fields in (("places", language.places), ("brands", language.brands)):
            tables |= {f"{code}.{part}.{name}": getattr(fields, name) for name in fields.__struct_fields__}
        tables[f"{code}.function_words"] = language.function_words
    tables["all.channels"] = [name for channel in lexicon.channels for name in (*channel.names, *channel.common)]
    return tables | {"all.operators": list(operators), "all.places": list(places)}


def hostile_texts(tables: Mapping[str, Sequence[str]], seed: int) -> Iterator[Hostile]:
    """All kinds of hostile texts, in a fixed order.

    Args:
        tables: From `tables_of`.
        seed: Chooses keywords and orders.

    Yields:
        Each text once in each language that has rules for it; those of all languages also without a language.
    """
    chance = random.Random(seed)
    languages = (*MARKETS, None)
    for char in CLASSES:
        for unit in (char, char + "a", char + " ", char + chance.choice(CLASSES), char * 40 + chance.choice(CLASSES)):
            yield Hostile("characters", chance.choice(languages), unit)
    for piece in PIECES:
        for unit in (piece, piece + " ", piece * 30 + " ", piece + chance.choice(PIECES)):
            yield Hostile("pieces", chance.choice(languages), unit)
    for name, terms in tables.items():
        own = name.partition(".")[0]
        for lang in languages if own == "all" else (own,):
            for unit in _units(list(filter(None, terms)), chance):
                yield Hostile(name, lang, unit)


def _units(terms: list[str], chance: random.Random) -> Iterator[str]:
    """Keywords of a table: the shortest, the longest and one by chance, and all shuffled."""
    if not terms:
        return
    for term in dict.fromkeys((min(terms, key=len), max(terms, key=len), chance.choice(terms))):
        for separator in SEPARATORS:
            yield chance.choice((str, str.title, str.upper))(term) + separator
    shuffled = chance.sample(terms, min(len(terms), 2_000))
    yield " ".join(shuffled) + " "
    yield ". ".join(shuffled).title() + ". "
