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
