"""Place cues: how a language points at a place, as an operator may edit it: part of a lexicon."""

import msgspec


class PlaceCues(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a language points at a place.

    Attributes:
        cues: Words before a place: "in", "near".
        sure: Those of them before which an ordinary word, in lower case, is still a town: "in derby".
        areas: Words after one: "area".
        articles: Words that may stand between cue and place: "the".
        codes: Words that announce a postcode.
        districts: Words that announce a district by its number: "dans le" (34).
        units: Words behind a number that make it an amount or a date.
        faults: Words of a fault behind which a number that ends the text is a district's: "panne" (34).
        called: Numbers of districts that are called for help, too: they need a word that announces them.
        own: Words before a pointing word that say where the writer is: "I live" (in Leeds).
        common: Ordinary words that are also names of towns: need a cue and a capital letter.
        never: Names that are never meant: months.
        not_before: Words after a town's name that make it something else: "united".
        not_after: Words before one that do: "Mr".
        openers: Words behind a name with which a text begins that say of a place what is there: "also", "down".
        proper: Those of `common` that are seldom words where they have a capital letter, or open a text.
        numbered: Words before a number that is no postcode: "ticket".
        well: Words behind a name that say that all is well there: "is fine".
        denials: Words behind those that deny them.
    """

    cues: tuple[str, ...]
    sure: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    proper: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    well: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
