"""No two texts of one revision contradict each other: in a time, a number, a place or a service."""

import re
from typing import Any, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.wording.answers import answers_in
from pipeline.wording.ends import end_for_people
from pipeline.wording.reply import reply_text
from pipeline.wording.summary import time_told
from tests.respond.notices.telling import NAMES, Telling, at, drafts, incident
from tests.wording.shipped import WORDING

WORDS: Final = {
    "broadband": {"de": "Internet", "en": "internet"},
    "fixed_voice": {"de": "Festnetz", "en": "landline"},
    "tv": {"de": "Fernsehen", "en": "TV"},
    "mobile_voice": {"de": "Mobiltelefonie", "en": "mobile calls"},
}
PLACES: Final = tuple(area for area in NAMES if area.startswith("DE/"))
TIME: Final = re.compile(r"(?<![-T:\d])([012]\d:[0-5]\d)(?![:\d])")
BERLIN: Final = ("de", "DE", "Europe/Berlin")
NO_END: Final = ("notice.end_unknown", "phone_bot.no_end")
NUMBER: Final = re.compile(r"\d{3}(?:[.,\u202f ]\d{3})+")


class Told(NamedTuple):
    """What one revision makes us say in a language: notices of all outlets, the page, replies, the phone bot."""

    revision: Incident
    texts: list[str]
    next_words: frozenset[str]
    """The times of day at which a notice promises the next word, as its own field has them."""


def texts_of(facts: dict[str, Any]) -> dict[str, Told]:
    """All texts of one revision by language. People were told of it before, at another estimated end."""
    telling, before, minute = Telling(), facts["before"], facts["minute"]
    now = {name: facts[name] for name in facts if name not in ("before", "minute")}
    telling.change(3, services=facts["services"][:1], areas=facts["areas"][:1])
    if 0 < before["minute"] < minute:
        telling.change(before["minute"], services=facts["services"], areas=facts["areas"], end=before["end"])
    made = [*drafts(telling.change(minute, **now)), *drafts(telling.until(minute + before["wait"]))]
    revision = incident(minute, **now)
    assert revision.summary is not None
    next_words = {time_told(int(notice.next_word_at), 0, BERLIN) for notice in made if notice.next_word_at is not None}
    found: dict[str, list[str]] = {"de": [], "en": []}
    for notice in made:
        if notice.outlet != "cap":
            found[notice.language].append(notice.body)
    for language, texts in found.items():
        texts += [row.answer for row in answers_in(revision, (language,), WORDING)]
        texts += [revision.summary.page.said(language), revision.summary.phone_bot.said(language)]
        texts += [
            reply_text(revision, outlet, language, WORDING, again=False) for outlet in ("x", "email", "phone_bot")
        ]
    return {language: Told(revision, texts, frozenset(next_words)) for language, texts in found.items()}


ends = st.none() | st.tuples(st.integers(30, 200), st.integers(1, 200)).map(lambda two: (two[0], sum(two)))


@st.composite
def revisions(draw: st.DrawFn) -> dict[str, Any]:
    """What may be known of an outage a good twenty minutes after its start, and what was told before."""
    areas = draw(st.lists(st.sampled_from(PLACES), min_size=1, unique=True))
    end, shift = draw(ends), draw(st.integers(-40, 40))
    near = None if end is None else (max(24, end[0] + shift), max(25, end[1] + shift))
    return {
        "state": draw(st.sampled_from([IncidentState.CONFIRMED, IncidentState.CONFIRMED, IncidentState.RECOVERING])),
        "services": tuple(draw(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, unique=True))),
        "areas": tuple(areas),
        "back": tuple(draw(st.lists(st.sampled_from(areas), max_size=len(areas) - 1, unique=True))),
        "end": end,
        "minute": draw(st.sampled_from([8, 23])),
        "numbers": draw(st.sampled_from([(), ("112",), ("110", "112")])),
        "before": {
            "minute": draw(st.sampled_from([0, 4, 5, 19, 20])),
            "end": draw(ends) or near,
            "wait": draw(st.sampled_from([0, 0, 6])),
        },
    }


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_no_text_names_a_service_or_a_place_that_is_well(facts: dict[str, Any]) -> None:
    for language, (_, texts, _) in texts_of(facts).items():
        well = [words[language] for service, words in WORDS.items() if service not in facts["services"]]
        away = [NAMES[area] for area in PLACES if area not in facts["areas"]]
        back = [NAMES[area] for area in facts["back"]]
        for text in texts:
            assert not [name for name in away if name in text], text
            headline = text.partition("NetCologne")[2].partition(".")[0][:60]  # what to do instead may name another
            assert not [word for word in well if f" {word}" in headline], text
            assert not [name for name in back if name in headline], text


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_all_texts_give_the_same_times_and_numbers(facts: dict[str, Any]) -> None:
    for revision, texts, next_words in texts_of(facts).values():
        times = {time for text in texts for time in TIME.findall(text)}
        known = {time_told(at(0), 0, BERLIN)}
        end = end_for_people(revision.estimated_end, int(revision.updated_at))
        if end is not None and facts["state"] == IncidentState.CONFIRMED:
            known |= {time_told(moment, 0, BERLIN) for moment in end}
        # the start, two ends, and when the next word comes: an audience may have its own
        assert len(times - known) <= 2 * (1 + bool(facts["before"]["wait"])), times - known
        assert times <= known | next_words, times - known - next_words
        numbers = {re.sub(r"\D", "", number) for text in texts for number in NUMBER.findall(text)}
        assert len(numbers) <= 1, numbers


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_no_text_knows_an_end_that_another_says_nobody_knows(facts: dict[str, Any]) -> None:
    for language, (_, texts, _) in texts_of(facts).items():
        said = WORDING[language]
        unknown = [text for text in texts for key in NO_END if said.say(key) in text]
        first = said.say("summary.end", early="|", late="|").partition("|")[0]
        assert not (unknown and [text for text in texts if first in text]), unknown


@settings(max_examples=60, deadline=None)
@given(revisions())
def test_no_text_calls_emergency_calls_well_that_another_says_may_fail(facts: dict[str, Any]) -> None:
    for language, (revision, texts, _) in texts_of(facts).items():
        well = WORDING[language].say("phone_bot.emergency_well")
        failing = [text for text in texts if "112" in text.replace(" ", "") and "NetCologne" in text]
        assert bool(failing) == bool(facts["numbers"])
        assert any(well in text for text in texts) != bool(facts["numbers"])
        assert revision.summary is not None
        assert ("112" in revision.summary.page.said(language)) == bool(facts["numbers"])
