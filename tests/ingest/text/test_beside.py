"""What works though a call for help does not is evidence for the claim, and not against it."""

import pytest

from pipeline.ingest.text.alarm.beside import BESIDE, THROUGH
from pipeline.ingest.text.understand import TextRules


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "my phone can't reach 911 but everything else works"),
        ("en", "911 fast busy on my verizon, my husband's AT&T rang straight through"),
        ("en", "911 dead, fire station's regular number picked up"),
        ("de", "112 tot, mit der anderen SIM ging es"),
        ("de", "112 geht nicht, der Rest läuft"),
        ("fr", "le 112 coupe aussitôt, tout le reste marche"),
        ("nl", "112 dood, de rest doet het gewoon"),
    ],
)
def test_a_success_of_something_else_has_a_sign_of_its_own(rules: TextRules, lang: str, text: str) -> None:
    told = _told(rules, lang, text)
    assert BESIDE in told
    assert THROUGH not in told


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "911 works, everything else is dead"),
        ("en", "999 answered at once. Everything else on this phone is broken"),
        ("en", "internet is down, 911 works"),
        ("de", "112 funktioniert, der Rest ist tot"),
        ("fr", "le 112 a répondu, tout le reste est mort"),
        ("nl", "112 nam op, de rest is dood"),
    ],
)
def test_a_success_of_the_call_for_help_is_none(rules: TextRules, lang: str, text: str) -> None:
    assert BESIDE not in _told(rules, lang, text)


def test_a_verb_that_is_denied_is_no_success(rules: TextRules) -> None:
    assert BESIDE not in _told(rules, "de", "112 tot, der Rest geht nicht")


def _told(rules: TextRules, lang: str, text: str) -> set[str]:
    parts = rules.read_claim(text, lang)
    assert parts is not None
    return {what for _, _, what in parts.alarm.hits}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Police app is down, cannot report, phone calls work fine"),
        ("en", "999 app keeps failing to open, everything else works"),
        ("de", "Can't log in to 112 app, everything else works"),
        ("en", "tried 911 dashcam app, it crashes and cannot connect, everything else works"),
        ("de", "NINA Warn App geht nicht, 112 auch nicht in der App, alles andere geht"),
        ("en", "can't text 999, calls ok"),
        ("en", "Can't text 911 from my phone but calls work fine"),
        ("en", "My Alexa can't call 999 but everything else works"),
        ("en", "Phone is broken, can't call 999 with cracked screen but texts work fine"),
        ("en", "Cannot call 911 on my iPad over wifi, everything else works"),
    ],
)
def test_what_is_no_failed_call_is_a_doubt_at_most(rules: TextRules, lang: str, text: str) -> None:
    assert not rules.understand(text, lang=lang).emergency


def test_a_number_of_advice_is_a_doubt_at_most(rules: TextRules) -> None:
    text = "Can't reach the police on 101, line dead, other numbers work"
    assert not rules.understand(text, lang="en", market="GB").emergency


@pytest.mark.parametrize(
    "text",
    [
        "my phone can't reach 911 but everything else works",
        "my banking app works fine, 999 is dead, cannot call",
        "can't text 999 and cannot call 999, line dead",
    ],
)
def test_another_way_that_is_named_takes_no_failed_call_away(rules: TextRules, text: str) -> None:
    assert rules.understand(text, lang="en").emergency


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Bei der Polizei geht keiner ran, Rest der Stadtverwaltung war erreichbar"),
        ("fr", "Le 15 ne répond pas depuis 10 minutes d'attente, mon téléphone marche bien"),
    ],
)
def test_a_call_that_nobody_takes_is_a_doubt_at_most(rules: TextRules, lang: str, text: str) -> None:
    assert not rules.understand(text, lang=lang).emergency
