"""Words: what people write when something is down, compiled from rows that an operator can edit.

A lexicon is one TOML document per language and one for what all share. A term
may hold alternatives, `{cant} {make|get} {a |any |}calls`: it is written out
in full when it is compiled, as a table finds ten thousand plain phrases as fast as ten, and a reader of the file sees
one line. Points are whole numbers set by hand, and say which complaint of a text is the clearest; what a row says for a
fault is learnt (see `weights`).
"""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Literal, TypeVar

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.dialling import Dialling
from pipeline.reference.learnt.alarm_weights import AlarmWeights
from pipeline.reference.learnt.label_weights import LabelWeights
from pipeline.reference.learnt.mood_weights import MoodWeights
from pipeline.reference.learnt.net_weights import NetWeights
from pipeline.reference.learnt.weights import Weights
from pipeline.reference.official_words import OfficialLexicon
from pipeline.reference.placing.cues import PlaceCues
from pipeline.reference.spoken.brands import Brands
from pipeline.reference.spoken.told_words import ToldWords

SHARED = ("common", "channels")
"""Documents that are of no language."""

TERMS_PER_ROW_MAX = 30_000
"""Written-out terms of one row: above it a row of alternatives has run away."""

ALARM_LISTS = ("never", "blocks", "claims", "reach", "lost", "faults", "numbers", "services", "others")
"""Lists of `Alarm`; a phrase of several lists is what the first of them says."""

NUMBER = "xnumber"
"""In an alarm's terms: each emergency number of the market whose text is read."""

SHORT_NUMBER = "xshort"
"""The same for a number that is an ordinary figure as well: 15, 17, 100."""

T = TypeVar("T")
Role = Literal["claim", "thing", "fault", "cue", "deny", "contrast", "part", "topic", "stop"]
Side = Literal["any", "before", "after"]

_CODE = re.compile(r"[a-z]{2,3}")
_BRACES = re.compile(r"\{([^{}]*)\}")
"""Splits a term into plain pieces (even) and what its braces hold (odd)."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms that mean the same, and what they mean.

    Attributes:
        name: Unique within its language.
        role: `claim` a whole complaint ("no signal"); `thing` what may fail; `fault` how it fails: a thing near it
            makes a complaint; `cue` speaks for a complaint or against it; `deny` no trouble after all;
            `contrast` turns a sentence round ("but"); `part` half of a phrase
            with a gap (see `Join`); `topic` what else the writer talks of; `stop` ends a sentence.
        weight: Points, which say which of several complaints is the clearest.
        window: Greatest gap between a fault and its thing, in characters.
        side: Where the thing of a fault may stand: `after` the fault, `before` it, or `any`.
        fault: Kind of failure, a key of `Common.symptoms`.
        absent: Symptom of a thing that is gone, where the service's own does not fit.
    """

    name: str
    role: Role
    terms: tuple[str, ...]
    weight: int = 0
    window: int = 40
    side: Side = "any"
    service: str | None = None
    symptom: str | None = None
    item: str | None = None
    topic: str | None = None
    fault: str | None = None
    absent: str | None = None


class Join(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A phrase with a gap: a term of `first` and, `window` characters on or less, one of `then` make one of `makes`."""

    first: str
    then: str
    makes: str
    window: int = 40


class Beside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words about what works though a call for help does not.

    Attributes:
        things: Other things and numbers: "everything else".
        phones: Other phones and networks: "my wife's".
        well: How it is said that they work: "fine". Bare words count beside one of these only.
        ways: Other ways to somebody who helps: "app". One beside what was called is what fails, and no call.
        own: Own devices and errands that are no outage: "cracked screen", "my invoice".
        unanswered: That a call rang and nobody took it.
    """

    things: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    well: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


class Alarm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words of a claim that emergency services cannot be reached.

    Attributes:
        numbers: What is called: "xnumber" (an emergency number of the market), "notruf".
        stems: Parts of folded words, a space at a border of a word: a text with one of them is read for a claim.
        hints: The same of words about somebody in need: read only if the text complains of a fault, too.
        devices: Parts of words that name a device which calls for help by itself: "pendant". Stems as well.
        countries: "In a country", by its id: a call that fails in another one is nobody's emergency here.
        spoken: How the language says a number in words, folded or not: "911" is "nine one one".
        signs: Words around a claim by what they tell, the same names in every language: "hold", "device", "instead".
        beside: What works beside a call for help that does not.
        services: Who is called: "police". They fail only by being out of reach: a police that is "down" says nothing.
        faults: How a number fails; stands behind it: "not working".
        lost: That a call comes to nothing; stands behind a number or a service: "unreachable".
        reach: The writer cannot call; stands before a number or a service: "can't call".
        others: What else may fail: no pair with what stands behind one of these ("112 works, wifi is down").
        claims: Complete claims.
        never: Phrases that look like a claim and are none: "emergency calls only".
        blocks: Advice, news, questions of law: a text with one of these is no claim.
        window: Greatest gap between the two, in characters.
    """

    numbers: tuple[str, ...]
    stems: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    countries: Mapping[str, tuple[str, ...]] = {}
    spoken: Mapping[str, tuple[str, ...]] = {}
    signs: Mapping[str, tuple[str, ...]] = {}
    beside: Beside = Beside()
    services: tuple[str, ...] = ()
    faults: tuple[str, ...]
    lost: tuple[str, ...] = ()
    reach: tuple[str, ...]
    others: tuple[str, ...] = ()
    claims: tuple[str, ...]
    blocks: tuple[str, ...]
    never: tuple[str, ...] = ()
    window: int = 32


class Language(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All words of one language."""

    language: str
    function_words: tuple[str, ...]
    sets: Mapping[str, tuple[str, ...]] = {}
    row: tuple[Row, ...]
    join: tuple[Join, ...] = ()
    alarm: Alarm
    places: PlaceCues
    brands: Brands
    told: ToldWords = ToldWords()


class Scoring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the points of rows come to those of a text.

    Attributes:
        more: Points for each further complaint of the same text, up to `more_max` of them.
        more_max: So many further complaints count.
        lone_thing_percent: Share of a thing's points when nothing is said to fail.
        lone_fault_percent: Share of a fault's points when nothing is named.
        against_percent: Share of what speaks against a complaint once a thing and a fault make one.
        against_claim_percent: The same once a phrase says it all.
        apart: Added (below 0) to a complaint whose thing and fault stand in two sentences, in points.
    """

    apart: int
    more: int
    more_max: int
    lone_thing_percent: int
    lone_fault_percent: int
    against_percent: int
    against_claim_percent: int


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A TV channel: its id is the `item` of a complaint. A `common` name needs talk of television beside it.

    A programme on it is missed by its own name: "no EastEnders" is a complaint about television, and its channel's.
    """

    id: str
    market: str
    names: tuple[str, ...]
    common: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


class Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all languages share: scoring, emoji, the symptom of each fault and service, numbers to dial."""

    scoring: Scoring
    signs: Mapping[str, str] = {}
    symptoms: Mapping[str, Mapping[str, str]]
    hashtag_endings: tuple[str, ...] = ()
    dialling: Mapping[str, Dialling] = {}
    row: tuple[Row, ...] = ()


class Channels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The TV channels of all markets."""

    channel: tuple[Channel, ...]


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """A whole lexicon, checked and written out.

    Attributes:
        languages: By code, sorted.
        common: What they share.
        channels: TV channels.
        weights: What each feature of a text says, by language; `ANY` for those that have none of their own.
        claim_weights: The same of claims that help cannot be called.
        claim_meaning: What a whole text says of such a claim, in any language; None = words alone are asked.
        official: Words and weights of operators' own posts.
        mood: What each sign of a text says of its mood, by language; a language without has none.
        topics: What each says of what it talks of; in a language without, lists of words do.
        services: What each says of the services that fail; in a language without, its complaints do.
    """

    languages: Mapping[str, Language]
    common: Common
    channels: tuple[Channel, ...]
    weights: Mapping[str, Weights] = {}
    claim_weights: Mapping[str, AlarmWeights] = {}
    claim_meaning: NetWeights | None = None
    official: OfficialLexicon = OfficialLexicon()
    mood: Mapping[str, MoodWeights] = {}
    topics: Mapping[str, LabelWeights] = {}
    services: Mapping[str, LabelWeights] = {}


def lexicon_of(
    documents: Mapping[str, Mapping[str, object]],
    weights: Mapping[str, Weights] | None = None,
    claim_weights: Mapping[str, AlarmWeights] | None = None,
    official: OfficialLexicon | None = None,
) -> Lexicon:
    """Compile parsed TOML documents to a lexicon.

    Args:
        documents: By file name without ending: `common`, `channels`, and one for each language, named after it.
        weights: By language; None = a lexicon that training reads, with which no text can be understood.
        claim_weights: By language; None = no text is a claim that help cannot be called.
        official: Words and weights of operators' own posts; None = each of them is chatter.

    Returns:
        The lexicon, all alternatives written out.

    Raises:
        ConfigError: If a document is missing, has an unknown key, or a term cannot be written out.
    """
    missing = [name for name in SHARED if name not in documents]
    named = sorted(documents.keys() - set(SHARED))
    if missing or not named:
        lacking = [*missing, *(() if named else ("<language>",))]
        raise ConfigError(
            f"lexicon: no file {'.toml, '.join(lacking)}.toml; it must be there: copy it from the shipped one"
        )
    common = _typed("common", documents["common"], Common)
    channels = _typed("channels", documents["channels"], Channels)
    languages = {name: _written_out(_language(name, documents[name])) for name in named}
    return Lexicon(
        languages=languages,
        common=common,
        channels=channels.channel,
        weights=weights or {},
        claim_weights=claim_weights or {},
        official=official or OfficialLexicon(),
    )


def _language(name: str, document: Mapping[str, object]) -> Language:
    """The words of one language, whose file is named after it.

    Raises:
        ConfigError: If the file is named after no language, or after another one than it holds.
    """
    if not _CODE.fullmatch(name):
        message = (
            f"lexicon {name}.toml: {name!r} is no language; a file must be named after its ISO 639-1 code (nl.toml)"
        )
        raise ConfigError(message)
    language = _typed(name, document, Language)
    if language.language != name:
        message = f"lexicon {name}.toml: language = {language.language!r}; must be {name!r}, as its file is called"
        raise ConfigError(message)
    return language


def _typed(name: str, document: Mapping[str, object], kind: type[T]) -> T:
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"lexicon {name}.toml: {error}") from error


def _written_out(language: Language) -> Language:
    rows = tuple(
        msgspec.structs.replace(row, terms=written_out(row.terms, language.sets, f"{language.language}.{row.name}"))
        for row in language.row
    )
    names = [row.name for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    unknown = sorted({name for join in language.join for name in (join.first, join.then, join.makes)} - set(names))
    if twice or unknown:
        raise ConfigError(f"lexicon {language.language}.toml: rows named twice: {twice}; joins name no row: {unknown}")
    alarm = language.alarm
    written = {
        field: written_out(getattr(alarm, field), language.sets, f"{language.language}.alarm.{field}")
        for field in ALARM_LISTS
    }
    told = {
        field: written_out(getattr(language.told, field), language.sets, f"{language.language}.told.{field}")
        for field in ToldWords.__struct_fields__
    }
    written_alarm = msgspec.structs.replace(alarm, **written)
    return msgspec.structs.replace(language, row=rows, alarm=written_alarm, told=ToldWords(**told))


def written_out(terms: tuple[str, ...], sets: Mapping[str, tuple[str, ...]], where: str) -> tuple[str, ...]:
    """Write out every alternative of each term.

    Args:
        terms: Texts with `{a|b|}` (one of these; empty is allowed) or `{name}` (one of a named set).
        sets: The named sets; their members may hold braces too.
        where: For messages.

    Returns:
        Plain terms, each once, in order of appearance, single spaces.

    Raises:
        ConfigError: If the terms become more than `TERMS_PER_ROW_MAX`, or a brace is left open.

    >>> written_out(("{no|zero} {net}", "down"), {"net": ("signal", "4g")}, "en.example")
    ('no signal', 'no 4g', 'zero signal', 'zero 4g', 'down')
    """
    done: dict[str, None] = {}
    for term in terms:
        options = _options(term, sets)
        if prod(map(len, options)) + len(done) > TERMS_PER_ROW_MAX:
            raise ConfigError(f"lexicon {where}: more than {TERMS_PER_ROW_MAX} terms written out; split {term!r}")
        done.update(dict.fromkeys(map("".join, product(*options))))
    plain = dict.fromkeys(" ".join(term.split()) if "  " in term or term != term.strip() else term for term in done)
    bad = [term for term in plain if "{" in term or "}" in term or not term]
    if bad:
        raise ConfigError(f"lexicon {where}: {bad[0]!r} is empty or has an open brace")
    return tuple(plain)


def _options(term: str, sets: Mapping[str, tuple[str, ...]]) -> list[Sequence[str]]:
    """What may stand at each place of a term; members of sets written out in turn."""
    options: list[Sequence[str]] = []
    for place, piece in enumerate(_BRACES.split(term)):
        if place % 2 == 0:
            options.append((piece,))
        elif piece in sets:
            options.append([out for member in sets[piece] for out in map("".join, product(*_options(member, sets)))])
        else:
            options.append(piece.split("|"))
    return options
