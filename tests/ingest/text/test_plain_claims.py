"""The plainest claims there are, in a grid: who is called, and how a person says that it fails; and what only looks so.

None of these sentences is learnt: `training/texts/claims/*/55.tsv` has other ones.
"""

from itertools import product

import pytest

from pipeline.ingest.text.understand import TextRules

CALLED = {
    "en": ("999", "911", "triple nine", "emergency services"),
    "fr": ("le 15", "le 112", "les pompiers", "le samu"),
    "de": ("112", "110", "den Notruf", "die Feuerwehr"),
    "nl": ("112", "de brandweer", "de hulpdiensten", "het alarmnummer"),
}
FAILS = {
    "en": (
        "cannot call {} in Leeds, outage at EE",
        "{} does not go through, busy tone at once",
        "tried to ring {} and the call fails every time",
        "no signal for {} in York, calls fail",
        "can't reach {} with my Three sim, with the other sim it works",
        "cannot call {} for my dad, O2 is dead",
    ),
    "fr": (
        "impossible d'appeler {} à Lyon, panne Orange",
        "impossible de joindre {} depuis ce matin",
        "on ne peut plus joindre {} #panne #Bouygues",
        "pas de réseau pour appeler {} à Tours",
    ),
    "de": (
        "kann {} nicht anrufen in Essen, Störung bei Telekom",
        "kein Netz für {} in Siegburg",
        "komme bei {} nicht durch, Leitung tot",
        "niemand im Dorf kann {} anrufen",
    ),
    "nl": (
        "kan {} niet bellen in Zwolle, storing bij KPN",
        "geen netwerk voor {} hier in Emmen",
        "kom niet door bij {} sinds vanmorgen",
        "niemand in het dorp kan {} bellen",
    ),
}
GRID = [(lang, text.format(called)) for lang in CALLED for text, called in product(FAILS[lang], CALLED[lang])]
ALIKE = (
    ("en", "if you cannot call 999, go to the nearest station"),
    ("en", "call 999 in an emergency, not for a power cut"),
    ("en", "cannot call anyone in Leeds, outage at EE"),
    ("en", "no signal for work calls in York"),
    ("en", "rang 999 and waited ten minutes, all their operators were busy"),
    ("en", "in 2023 we couldn't reach 999 for two hours"),
    ("en", "can't call customer service, EE outage in Leeds"),
    ("en", "999 in stock, cannot order, website down"),
    ("en", "999 is not a helpline for people whose phone didn't buzz"),
    ("en", "no fire station here since the cutbacks, no police station, and the alert never came"),
    ("en", "EE is down, my phone says emergency calls only"),
    ("fr", "si vous ne pouvez pas joindre le 15, allez à la caserne"),
    ("fr", "impossible d'appeler qui que ce soit à Lyon, panne Orange"),
    ("fr", "rendez-vous le 15 à Lyon, impossible d'appeler le client"),
    ("fr", "imaginez qu'on ne puisse plus appeler le 15"),
    ("fr", "le 15 n'est pas fait pour demander pourquoi votre téléphone a vibré"),
    ("fr", "plus de pompiers au village depuis qu'ils ont fermé la caserne, et la sirène est muette"),
    ("de", "kann niemanden anrufen in Essen, Störung bei Telekom"),
    ("de", "kein Netz für mein Diensthandy in Siegburg"),
    ("de", "stell dir vor, du kannst 112 nicht anrufen"),
    ("de", "112 Euro und niemand kann telefonieren"),
    ("de", "hier in Kassel gibt's keine Feuerwehr mehr, die Sirene ist abmontiert, und das Handy blieb stumm"),
    ("de", "Feuerwehr Trier: Wir können euch auch nicht sagen, warum das Handy nicht geklingelt hat"),
    ("nl", "als je 112 niet kunt bellen, ga naar de kazerne"),
    ("nl", "kan niemand bellen in Zwolle, storing bij KPN"),
    ("nl", "geen netwerk voor mijn werktelefoon in Emmen"),
    ("nl", "kom niet door bij de klantenservice, al 112 minuten"),
    ("nl", "de kazerne is wegbezuinigd, geen brandweer, geen sirene en de NL-Alert kwam niet"),
    ("nl", "de meldkamer is plat gebeld over de sirene, niemand komt erdoor"),
)


@pytest.mark.parametrize(("lang", "text"), GRID)
def test_a_plain_claim_is_sure(rules: TextRules, lang: str, text: str) -> None:
    assert rules.understand(text, lang=lang).emergency


@pytest.mark.parametrize(("lang", "text"), ALIKE)
def test_what_only_looks_like_one_is_not_sure(rules: TextRules, lang: str, text: str) -> None:
    assert not rules.understand(text, lang=lang).emergency


@pytest.mark.parametrize(
    "text",
    [
        "lift phone cannot get through, call fails",
        "our lift phone just cannot get a line, Three",
        pytest.param(
            "pendant won't connect, cannot call, mum alone",
            marks=pytest.mark.xfail(strict=True, reason="684 permille since near misses are learnt, though never sure"),
        ),
    ],
)
def test_a_device_alone_is_asked_about_and_likelier_no_claim(rules: TextRules, text: str) -> None:
    understood = rules.understand(text, lang="en")
    assert understood.claim_doubtful
    assert understood.claim_permille < 500
