"""Sentences from patterns: a small grammar, then the way people really type.

A pattern is a sentence with slots, `{place}`; a slot is filled from a list of
words, which may have slots again; `{where?}` is filled in some of the cases
only. After that come the habits of a voice: lower case, capitals, ae for ä,
slips of the finger, emoji, hashtags. The lists were written from how people
speak, not from the pipeline's lexicon, and must stay so: a text that is easy
only for our own rules measures nothing.
"""

import re
from random import Random
from typing import Annotated, Final, NamedTuple

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.events import Share

DEPTH_MAX: Final = 6
"""Words within words; deeper is a circle."""

_SLOT = re.compile(r"\{([a-z_]+)(\??)\}")
_SPOKEN = frozenset({"place", "hashtag", "postcode", "brand", "item", "programme", "other_brand", "emergency_number"})
_GIVEN = _SPOKEN | {"since", "hour", "minute", "number"}
_FIELDS = {slot: "spellings" if slot == "place" else f"{slot}s" for slot in _SPOKEN}
_SPELLED = frozenset({"place", "brand", "item", "other_brand"})
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

Texts = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How often a voice does what; shares of its texts.

    Attributes:
        optional: An optional slot is filled.
        typo: One or two slips of the finger.
        lower: All lower case.
        caps: ALL CAPITALS.
        plain: ae, oe, ue, ss for ä, ö, ü, ß.
        bare: No full stop or other mark at the end.
        emoji: One to three of the mood's emoji at the end.
        hashtag: A hashtag of place or brand at the end.
    """

    optional: Share = 0.5
    typo: Share = 0.0
    lower: Share = 0.0
    caps: Share = 0.0
    plain: Share = 0.0
    bare: Share = 0.0
    emoji: Share = 0.0
    hashtag: Share = 0.0


class WordingFile(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a language, as they stand in their file.

    Attributes:
        styles: By voice: `mentions`, or a ticket's intake.
        aliases: Voices that speak as another one does.
        moods: Which list of emoji a kind of text takes (`emoji_<mood>` in `words`).
        words: What slots are filled with.
        pools: Patterns by `voice.kind` or `voice.kind.service`.
    """

    styles: dict[str, Style]
    aliases: dict[str, str] = {}
    moods: dict[str, str] = {}
    words: dict[str, Texts]
    pools: dict[str, Texts]


class Speaker(NamedTuple):
    """What a writer knows: the own place, the operator, the time, and since when it is down.

    Attributes:
        items: Ways to write one TV channel or technology, the commonest first.
        programmes: What runs on it.
        other_brands: Ways to write one other operator, the commonest first.
        emergency_numbers: What to dial.
    """

    spellings: tuple[str, ...]
    hashtags: tuple[str, ...]
    postcodes: tuple[str, ...]
    brands: tuple[str, ...]
    hour: int
    minute: int
    since_hour: int | None = None
    items: tuple[str, ...] = ("TV",)
    programmes: tuple[str, ...] = ("TV",)
    other_brands: tuple[str, ...] = ("O2",)
    emergency_numbers: tuple[str, ...] = ("112",)


class Wording:
    """Writes texts of a language; holds no state between two of them."""

    def __init__(self, file: WordingFile) -> None:
        self._file = file
        self._parts = {
            pattern: tuple(_parts(pattern))
            for texts in (*file.words.values(), *file.pools.values())
            for pattern in texts
        }

    def problems(self) -> list[str]:
        """Everything that is wrong with the file, in words."""
        file = self._file
        found = [
            f"{pattern!r}: slot {slot!r} is neither given nor a list in words"
            for pattern, parts in sorted(self._parts.items())
            for _, slot, _ in parts
            if slot and slot not in _GIVEN and slot not in file.words
        ]
        found += [
            f"moods.{kind} = {mood!r}: words has no list emoji_{mood}"
            for kind, mood in sorted(file.moods.items())
            if f"emoji_{mood}" not in file.words
        ]
        return found

    def knows(self, voice: str, kind: str) -> bool:
        """Tell whether there are patterns for a kind of text in a voice."""
        return f"{self._file.aliases.get(voice, voice)}.{kind}" in self._file.pools

    def say(self, chance: Random, voice: str, kind: str, speaker: Speaker, service: str = "") -> str:
        """Write one text.

        Args:
            chance: The stream's generator.
            voice: `mentions` or an intake.
            kind: What it is about; there must be a pool `voice.kind`.
            speaker: Who writes the text, with what runs on it and where.
            service: Prefer the pool of this service, where there is one.

        Raises:
            ConfigError: If the file has no such pool, or its words go in circles.
        """
        voice = self._file.aliases.get(voice, voice)
        pools = self._file.pools
        pool = pools.get(f"{voice}.{kind}.{service}") or pools.get(f"{voice}.{kind}")
        if pool is None:
            raise ConfigError(f"texts: pools has no {voice}.{kind}; add patterns for it")
        style = self._file.styles.get(voice, Style())
        text = self._expand(chance, chance.choice(pool), speaker, style, 0)
        return self._habits(chance, " ".join(text.split()), kind, speaker, style)

    def _expand(self, chance: Random, pattern: str, speaker: Speaker, style: Style, depth: int) -> str:
        if depth > DEPTH_MAX:
            raise ConfigError(f"texts: {pattern!r} goes in circles: more than {DEPTH_MAX} words within words")
        parts = []
        for literal, slot, optional in self._parts[pattern]:
            parts.append(literal)
            if slot and not (optional and chance.random() >= style.optional):
                parts.append(self._fill(chance, slot, speaker, style, depth))
        return "".join(parts)

    def _fill(self, chance: Random, slot: str, speaker: Speaker, style: Style, depth: int) -> str:
        given = _given(chance, slot, speaker)
        if given is not None:
            return given
        if slot == "since" and speaker.since_hour is not None and chance.random() < 0.6:
            slot = "since_clock"
        return self._expand(chance, chance.choice(self._file.words[slot]), speaker, style, depth + 1)

    def _habits(self, chance: Random, text: str, kind: str, speaker: Speaker, style: Style) -> str:
        text = _typed(chance, text, style)
        if chance.random() < style.hashtag:
            text += " #" + chance.choice((*speaker.hashtags, speaker.brands[0].replace(" ", "").lower()))
        mood = self._file.moods.get(kind)
        if mood is not None and chance.random() < style.emoji:
            text += " " + "".join(chance.choices(self._file.words[f"emoji_{mood}"], k=chance.randint(1, 3)))
        return text


def _parts(pattern: str) -> list[tuple[str, str, bool]]:
    """Cut a pattern into literal, slot, optional; the last slot is empty."""
    parts, at = [], 0
    for found in _SLOT.finditer(pattern):
        parts.append((pattern[at : found.start()], found[1], found[2] == "?"))
        at = found.end()
    parts.append((pattern[at:], "", False))
    return parts


def _given(chance: Random, slot: str, speaker: Speaker) -> str | None:
    """Fill a slot that the speaker knows; None for all others."""
    if slot in _SPOKEN:
        spelled, listed = getattr(speaker, _FIELDS[slot]), slot not in _SPELLED
        # the commonest spelling in every second case
        return str(spelled[0] if not listed and chance.random() < 0.5 else chance.choice(spelled))
    if slot == "number":
        return str(chance.randint(2, 9))
    hour = speaker.hour if speaker.since_hour is None else speaker.since_hour
    return {"hour": str(hour), "minute": f"{speaker.minute:02d}"}.get(slot)


def _typed(chance: Random, text: str, style: Style) -> str:
    """The text as fingers in a hurry type it."""
    if chance.random() < style.bare:
        text = text.rstrip(".!,")
    if chance.random() < style.typo:
        for _ in range(chance.randint(1, 2)):
            text = _slip(chance, text)
    if chance.random() < style.plain:
        text = text.translate(_PLAIN)
    case = chance.random()
    if case < style.caps:
        return text.upper()
    return text.lower() if case < style.caps + style.lower else text


def _slip(chance: Random, text: str) -> str:
    """Swap, drop or double one letter inside a word."""
    places = [at for at in range(1, len(text) - 2) if text[at - 1 : at + 2].isalpha()]
    if not places:
        return text
    at = chance.choice(places)
    one, two = text[at], text[at + 1]
    return text[:at] + chance.choice((two + one, two, one + one + two)) + text[at + 2 :]
