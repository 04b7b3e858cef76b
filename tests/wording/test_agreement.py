"""No two texts of one revision contradict each other: in a time, a number, a place or a service."""

import re
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.published.incidents import Incident
from pipeline.wording.answers import answers_in
from pipeline.wording.reply import reply_text
from tests.respond.notices.telling import NAMES, Telling, drafts, incident
from tests.wording.shipped import WORDING

MINUTE: Final = 23.0
WORDS: Final = {
    "broadband": {"de": "Internet", "en": "internet"},
    "fixed_voice": {"de": "Festnetz", "en": "landline"},
    "tv": {"de": "Fernsehen", "en": "TV"},
    "mobile_voice": {"de": "Mobiltelefonie", "en": "mobile calls"},
}
PLACES: Final = tuple(area for area in NAMES if area.startswith("DE/"))
TIME: Final = re.compile(r"(?<![-T:\d])([012]\d:[0-5]\d)(?![:\d])")
NUMBER: Final = re.compile(r"\d{3}(?:[.,\u202f ]\d{3})+")


def texts_of(facts: dict[str, Any]) -> dict[str, tuple[Incident, dict[str, list[str]]]]:
    """All texts of one revision by language: notices of all outlets, the page, replies, what the phone bot says."""
    telling = Telling()
    telling.change(3, services=facts["services"][:1], areas=facts["areas"][:1])
    made = drafts(telling.change(MINUTE, **facts))
    now = incident(MINUTE, **facts)
    assert now.summary is not None
    found: dict[str, list[str]] = {"de": [], "en": []}
    for notice in made:
        if notice.outlet != "cap":
            found[notice.language].append(notice.body)
    for language, texts in found.items():
        texts += [row.answer for row in answers_in(now, (language,), WORDING)]
        texts += [now.summary.page.said(language), now.summary.phone_bot.said(language)]
        texts += [reply_text(now, outlet, language, WORDING, again=False) for outlet in ("x", "email", "phone_bot")]
    return {language: (now, {"texts": texts}) for language, texts in found.items()}


@st.composite
def revisions(draw: st.DrawFn) -> dict[str, Any]:
    """What may be known of an outage a good twenty minutes after its start."""
    early = draw(st.integers(30, 200))
    end = draw(st.none() | st.just((early, early + draw(st.integers(1, 200)))))
    return {
        "services": tuple(draw(st.lists(st.sampled_from(sorted(WORDS)), min_size=1, unique=True))),
        "areas": tuple(draw(st.lists(st.sampled_from(PLACES), min_size=1, unique=True))),
        "end": end,
        "numbers": draw(st.sampled_from([(), ("112",), ("110", "112")])),
    }


@settings(max_examples=25, deadline=None)
@given(revisions())
def test_no_text_names_a_service_or_a_place_that_is_well(facts: dict[str, Any]) -> None:
    for language, (_, found) in texts_of(facts).items():
        well = [words[language] for service, words in WORDS.items() if service not in facts["services"]]
        away = [NAMES[area] for area in PLACES if area not in facts["areas"]]
        for text in found["texts"]:
            assert not [name for name in away if name in text], text
            headline = text.partition("NetCologne")[2][:60]  # what to do instead may name another service
            assert not [word for word in well if f" {word}" in headline], text


@settings(max_examples=25, deadline=None)
@given(revisions())
def test_all_texts_give_the_same_times_and_numbers(facts: dict[str, Any]) -> None:
    for _, found in texts_of(facts).values():
        times = {time for text in found["texts"] for time in TIME.findall(text)}
        # the start, two ends, and when the next word comes: an audience may have its own
        assert len(times) <= 1 + 2 * (facts["end"] is not None) + 2, times
        ends = {time for time in times if facts["end"] and time not in ("09:00",)}
        assert all(time.endswith(("00", "15", "30", "45", "23")) for time in ends), ends
        numbers = {re.sub(r"\D", "", number) for text in found["texts"] for number in NUMBER.findall(text)}
        assert len(numbers) <= 1, numbers
