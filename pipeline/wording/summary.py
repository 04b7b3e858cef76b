"""What to tell people in each language: one line, a paragraph, a text to be spoken.

Without jargon, and without a cause that nobody knows. Times are those that notices
tell: local, as the language and the market write them, and with their day if it is not
that of the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.published.people import SUMMARY_LANGUAGES, Paragraph, Sentence, Summary
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import PPM
from pipeline.wording.locales import manner_of
from pipeline.wording.sentences import Sentences, Wording

BACK_MIN_PPM: Final = 100_000
"""Below one in ten who have service again nothing is told of it."""

BACK_MAX_PERCENT: Final = 95
"""As long as one area is down nobody is told that all are back; shares are told by steps of five."""

PLACES_NAMED_MAX: Final = 3
"""More are counted: nobody remembers a spoken list of seven towns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the texts are made of.

    Attributes:
        state: The incident's; `closed` reads like `resolved`, unless it is merged.
        operator: As the brand writes it; '' if unknown.
        services: Sorted.
        places: Names for people, the most affected first.
        places_more: How many places are not among them.
        started_at: Estimate, ms.
        ended_at: When it was over, ms; None as long as it is not.
        end: Earliest and latest estimated end, ms; None once over or unknown.
        numbers: Emergency numbers concerned.
        time_zone: IANA name; times are in it.
        market: ISO 3166-1 code: how times are written there.
        now: When it is told, ms; times of another day have their day. 0 if no day is to be told.
        languages: Those of the market's customers, the most usual first.
        back_ppm: Share of the customers hit at the worst who are well again; None if nobody knows.
        is_merged: It goes on as part of another incident, so nothing of it is over.
    """

    state: str
    operator: str
    services: Sequence[str]
    places: Sequence[str]
    places_more: int
    started_at: int
    end: tuple[int, int] | None
    numbers: Sequence[str]
    time_zone: str
    market: str = ""
    now: int = 0
    exercise: bool = False
    languages: Sequence[str] = ()
    ended_at: int | None = None
    back_ppm: int | None = None
    is_merged: bool = False


def summary_of(facts: Facts, wording: Wording) -> Summary:
    """The three texts, in the languages that a summary has fields for and in those of the market."""
    said = speaking(facts.languages, wording)
    lines = {language: clipped(_headline(facts, sentences)) for language, sentences in said.items()}
    pages = {
        language: " ".join([lines[language] + ".", *_details(facts, language, sentences)])
        for language, sentences in said.items()
    }
    spoken = {language: text.replace(" (", ", ").replace(")", "").replace("/", " ") for language, text in pages.items()}
    return Summary(
        headline=Sentence(**_three(lines), more=dict(_further(lines))),
        page=paragraph(pages),
        phone_bot=paragraph(spoken),
    )


def speaking(languages: Sequence[str], wording: Wording) -> Wording:
    """What can be said, the market's own languages first: they stand in for one of the summary's without a file."""
    wanted = [language for language in (*languages, *SUMMARY_LANGUAGES) if language in wording]
    return {language: wording[language] for language in wanted or sorted(wording)[:1]}


def paragraph(texts: Mapping[str, str]) -> Paragraph:
    """A text in several languages, the one first that stands in for those that lack it."""
    cut = {language: clipped(text, 1_000) for language, text in texts.items()}
    return Paragraph(**_three(cut), more=dict(_further(cut)))


def _three(texts: Mapping[str, str]) -> dict[str, str]:
    stand_in = next(iter(texts.values()))
    return {language: texts.get(language, stand_in) for language in SUMMARY_LANGUAGES}


def _further(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Texts in other languages than the three, in the order of their codes."""
    return sorted((language, text) for language, text in texts.items() if language not in SUMMARY_LANGUAGES)


def _headline(facts: Facts, sentences: Sentences) -> str:
    state = "merged" if facts.is_merged else {"closed": "resolved"}.get(facts.state, facts.state)
    last = sentences.say("list.and")
    services = [sentences.service(service) for service in facts.services] or [sentences.say("list.all_services")]
    headline = sentences.say(
        f"headline.{state}",
        operator=clipped(facts.operator, 60) or sentences.say("list.unknown_operator"),
        services=joined(services, last),
        places=joined(_places(facts, sentences), last),
    )
    return sentences.mark_of(exercise=facts.exercise) + headline


def _places(facts: Facts, sentences: Sentences) -> list[str]:
    return places_named(facts.places, facts.places_more, sentences)


def places_named(places: Sequence[str], omitted: int, sentences: Sentences) -> list[str]:
    """Places as a sentence lists them: the first few by name, the others by number.

    Args:
        places: Names for people, the most affected first.
        omitted: How many more there are, 0 or more.
        sentences: The sentences of the language.
    """
    named = [clipped(place, 40) for place in places[:PLACES_NAMED_MAX]]
    more = omitted + max(0, len(places) - PLACES_NAMED_MAX)
    form = "one" if more == 1 and sentences.has("plural.more_places_one") else "other"
    return [*named, sentences.say(f"plural.more_places_{form}", number=more)] if more else named or ["?"]


def _details(facts: Facts, language: str, sentences: Sentences) -> list[str]:
    where = (language, facts.market, facts.time_zone)
    began = time_told(facts.started_at, facts.now, where)
    details = [sentences.say("summary.since", time=began)]
    if facts.ended_at is not None and facts.state in ("resolved", "closed") and not facts.is_merged:
        details = [sentences.say("summary.lasted", start=began, end=time_told(facts.ended_at, facts.now, where))]
    if facts.numbers:
        details.insert(0, sentences.say("summary.emergency", numbers=", ".join(facts.numbers)))
    if facts.end is not None and facts.state in ("suspected", "confirmed"):
        early, late = (time_told(moment, facts.now, where) for moment in facts.end)
        details.append(sentences.say("summary.end", early=early, late=late))
    if facts.state in ("confirmed", "recovering") and (back := back_told(facts.back_ppm, facts.state, sentences)):
        details.append(back)
    return details


def back_told(back_ppm: int | None, state: str, sentences: Sentences) -> str:
    """How many have service again, in words; '' if nobody knows, or hardly any has.

    Args:
        back_ppm: Share of the customers hit at the worst.
        state: The incident's: that all are back is told once it is recovering, and watched.
        sentences: The sentences of the language.
    """
    if back_ppm is None or back_ppm < BACK_MIN_PPM:
        return ""
    if back_ppm == PPM and state == "recovering":
        return sentences.say("summary.back_all")
    return sentences.say("summary.back", percent=min(BACK_MAX_PERCENT, (back_ppm + 25_000) // 50_000 * 5))


def joined(words: Sequence[str], last: str) -> str:
    """Words as a list in a sentence.

    Args:
        words: What is listed; may be empty.
        last: The word before the last of them.

    >>> joined(["Köln", "Bonn", "Aachen"], "und")
    'Köln, Bonn und Aachen'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def time_told(moment_ms: int, now_ms: int, where: tuple[str, str, str]) -> str:
    """Local time of day, with its day if that is not the day on which it is told.

    Args:
        moment_ms: What is told, ms.
        now_ms: When, ms; 0 if no day is to be told.
        where: Language, market and time zone.

    >>> time_told(1739347200000, 1739347200000, ("de", "DE", "Europe/Berlin"))
    '09:00'
    >>> time_told(1739347200000, 1739440000000, ("fr", "FR", "Europe/Paris"))
    '12 février, 09:00'
    """
    return manner_of(*where).time(moment_ms, now_ms or moment_ms)
