"""What a text tells beside the fault: since when, who has it, that it is back, and all services that fail."""

from datetime import UTC, datetime

import pytest

from pipeline.ingest.text.told.since import MINUTES_MAX, Since, began_at, is_chronic
from pipeline.ingest.text.understand import TextRules

POSTED = datetime(2025, 3, 12, 18, 30, tzinfo=UTC)
"""A Wednesday, half past six in London and half past seven in Berlin, Paris and Amsterdam."""

AT = int(POSTED.timestamp()) * 1_000

ZONES = {"en": "Europe/London", "de": "Europe/Berlin", "fr": "Europe/Paris", "nl": "Europe/Amsterdam"}

SINCE = (
    ("en", "broadband down since 6pm", "Wed 18:00"),
    ("en", "no signal for 3 hours now", "Wed 15:30"),
    ("en", "no signal since half 5", "Wed 17:30"),
    ("en", "no internet since yesterday 10pm", "Tue 22:00"),
    ("en", "no internet for half an hour", "Wed 18:00"),
    ("en", "no internet since 7", "Wed 07:00"),
    ("de", "kein Internet seit 18 Uhr", "Wed 17:00"),
    ("de", "seit 2 Stunden kein Netz", "Wed 16:30"),
    ("de", "Internet weg seit halb sieben", "Wed 17:30"),
    ("de", "vor 20 min ist das Internet ausgefallen", "Wed 18:10"),
    ("fr", "plus de réseau depuis 14h30", "Wed 13:30"),
    ("fr", "plus de réseau depuis 2h", "Wed 16:30"),
    ("fr", "plus de réseau depuis hier 20h", "Tue 19:00"),
    ("fr", "ça fait 3 heures que je n'ai plus internet", "Wed 15:30"),
    ("nl", "geen internet sinds 18 uur", "Wed 17:00"),
    ("nl", "al 2 uur geen internet", "Wed 16:30"),
    ("en", "no internet since monday", None),
    ("de", "kein Netz seit gestern", None),
    ("fr", "plus internet", None),
)


@pytest.mark.parametrize(("lang", "text", "began"), SINCE)
def test_since_when_is_told_and_comes_to_a_time(rules: TextRules, lang: str, text: str, began: str | None) -> None:
    since = rules.understand(text, lang=lang).since
    at = None if since is None else began_at(since, AT, ZONES[lang])
    assert (None if at is None else f"{datetime.fromtimestamp(at // 1_000, UTC):%a %H:%M}") == began


CHRONIC = (
    ("en", "no internet for weeks", True),
    ("en", "internet off since monday", True),
    ("en", "internet off since yesterday", False),
    ("de", "seit Wochen kein Internet", True),
    ("de", "seit 3 Tagen kein Internet", True),
    ("de", "kein Internet seit 18 Uhr", False),
    ("fr", "plus internet depuis 10 jours", True),
    ("fr", "box morte depuis lundi", True),
    ("nl", "al weken geen internet", True),
)


@pytest.mark.parametrize(("lang", "text", "chronic"), CHRONIC)
def test_what_lasts_for_days_is_no_news_of_the_hour(rules: TextRules, lang: str, text: str, chronic: bool) -> None:
    since = rules.understand(text, lang=lang).since
    assert since is not None
    assert is_chronic(since, AT, ZONES[lang]) is chronic


def test_a_time_is_never_ahead_and_a_length_is_bounded(rules: TextRules) -> None:
    since = rules.understand("no internet since 6:35pm", lang="en").since
    assert since is not None
    assert began_at(since, AT, "UTC") == AT
    long = rules.understand("no internet for 999 days", lang="en").since
    assert long == Since(minutes=MINUTES_MAX, chronic=True)


@pytest.mark.parametrize(
    ("lang", "text", "overdue"),
    [
        ("en", "planned work tonight so no internet", False),
        ("en", "maintenance was meant to finish at 6, no internet", True),
        ("en", "planned maintenance until 6 and at 9 still no broadband", True),
        ("de", "Wartung, deshalb kein Internet", False),
        ("de", "Wartung sollte um 6 fertig sein, kein Internet", True),
        ("de", "Wartung längst vorbei, kein Internet", True),
        ("fr", "maintenance prévue cette nuit donc pas d'internet", False),
        ("fr", "la maintenance devait finir à 6h, pas d'internet", True),
        ("nl", "gepland onderhoud dus geen internet", False),
        ("nl", "onderhoud zou om 6 klaar zijn, geen internet", True),
    ],
)
def test_work_that_should_be_over_is_told(rules: TextRules, lang: str, text: str, overdue: bool) -> None:
    assert rules.understand(text, lang=lang).overdue is overdue


SPREAD = (
    ("en", "no internet, whole street is out", "general"),
    ("en", "no signal, neighbours have nothing either", "general"),
    ("en", "no internet, it's only us", "isolated"),
    ("en", "no internet, next door are fine", "isolated"),
    ("en", "no internet, is it just me?", ""),
    ("en", "no internet, not just me", ""),
    ("en", "no internet here", ""),
    ("de", "kein Internet, die ganze Straße ist tot", "general"),
    ("de", "kein Internet, Nachbarn auch nicht", "general"),
    ("de", "kein Internet, nur bei mir", "isolated"),
    ("de", "kein Internet, nicht nur bei mir", ""),
    ("fr", "plus internet dans toute la rue", "general"),
    ("fr", "plus internet, les voisins non plus", "general"),
    ("fr", "plus internet, seulement chez moi", "isolated"),
    ("nl", "geen internet in de hele straat", "general"),
    ("nl", "geen internet, alleen bij mij", "isolated"),
)


@pytest.mark.parametrize(("lang", "text", "spread"), SPREAD)
def test_who_has_it_is_told_or_only_asked(rules: TextRules, lang: str, text: str, spread: str) -> None:
    assert rules.understand(text, lang=lang).spread == spread


BACK = (
    ("en", "it's back!", True),
    ("en", "internet is back in Leeds, thanks", True),
    ("en", "is it back?", False),
    ("en", "still not back", False),
    ("en", "will be back at 6 they say", False),
    ("de", "Internet geht wieder", True),
    ("de", "wieder da, danke", True),
    ("de", "geht es wieder?", False),
    ("de", "Internet geht schon wieder nicht", False),
    ("fr", "ça remarche, merci", True),
    ("fr", "internet est revenu", True),
    ("fr", "c'est revenu chez vous ?", False),
    ("fr", "toujours pas revenu", False),
    ("nl", "hij doet het weer", True),
    ("nl", "internet is terug online", True),
    ("nl", "doet het weer niet", False),
    ("nl", "werkt het weer?", False),
)


@pytest.mark.parametrize(("lang", "text", "back"), BACK)
def test_it_is_back_where_nothing_turns_it(rules: TextRules, lang: str, text: str, back: bool) -> None:
    assert rules.understand(text, lang=lang).back is back


SEVERAL = (
    ("en", "broadband, TV and landline dead in Leeds", {"broadband", "tv", "fixed_voice"}),
    ("en", "no TV no internet since 5", {"tv", "broadband"}),
    ("de", "Internet und Fernsehen tot", {"broadband", "tv"}),
    ("fr", "plus de télé ni de téléphone fixe", {"tv", "fixed_voice"}),
    ("fr", "plus d'internet, plus de télé, plus de téléphone", {"broadband", "tv", "fixed_voice"}),
    ("nl", "internet en tv liggen plat", {"broadband", "tv"}),
    ("en", "no signal", {"mobile_voice"}),
)


@pytest.mark.parametrize(("lang", "text", "services"), SEVERAL)
def test_all_services_that_fail_are_told(rules: TextRules, lang: str, text: str, services: set[str]) -> None:
    understood = rules.understand(text, lang=lang)
    assert set(understood.services) == services
    assert understood.services[0] == understood.service
