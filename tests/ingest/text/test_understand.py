"""Posts of our own in three languages, gated; and texts of any shape, which must do no harm."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest.text.understand import TextRules
from pipeline.ingest.text.understood import Understood
from pipeline.records.errors import ConfigError
from pipeline.reference.words import lexicon_of

POSTS = Path(__file__).parent / "posts"
ROOT = Path(__file__).resolve().parents[3]
PRECISION_MIN = 0.95
RECALL_MIN = 0.92
DETAILS_MIN = 0.8
NOTES_PRECISION_MIN = 0.91
NOTES_RECALL_MIN = 0.83


def posts_of(language: str) -> list[dict[str, str | int]]:
    return [json.loads(line) for line in (POSTS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_complaints_are_told_from_the_rest(rules: TextRules, language: str) -> None:
    posts = posts_of(language)
    assert len(posts) >= 40
    got = [(rules.understand(str(post["text"]), lang=language).relevant, bool(post["network"])) for post in posts]
    right = sum(flagged and complaint for flagged, complaint in got)
    assert right / sum(flagged for flagged, _ in got) >= PRECISION_MIN
    assert right / sum(complaint for _, complaint in got) >= RECALL_MIN


@pytest.mark.parametrize("language", ["de", "fr"])
def test_notes_and_slang_are_read(rules: TextRules, language: str) -> None:
    posts = posts_of(f"notes_{language}")
    got = [(rules.understand(str(post["text"]), lang=language).relevant, bool(post["network"])) for post in posts]
    right = sum(flagged and complaint for flagged, complaint in got)
    assert right / sum(flagged for flagged, _ in got) >= NOTES_PRECISION_MIN
    assert right / sum(complaint for _, complaint in got) >= NOTES_RECALL_MIN


@pytest.mark.parametrize(
    ("language", "text", "relevant"),
    [
        pytest.param("de", "NetCologne down?", True, id="name_that_says_it_all"),
        pytest.param("fr", "Orange est en panne !", True, id="name_that_is_a_fruit"),
        pytest.param("en", "three down, two to go", False, id="crossword"),
    ],
)
def test_an_operator_that_is_down_is_a_complaint(rules: TextRules, language: str, text: str, relevant: bool) -> None:
    assert rules.understand(text, lang=language).relevant is relevant


def test_who_asks_whether_an_operator_is_down_complains_among_many_who_do(rules: TextRules) -> None:
    assert rules.understand("Orange est en panne ?", lang="fr").in_context_permille >= 800


@pytest.mark.parametrize("language", ["de", "en", "fr"])
@pytest.mark.parametrize("detail", ["service", "symptom"])
def test_service_and_symptom_are_told(rules: TextRules, language: str, detail: str) -> None:
    posts = [post for post in posts_of(language) if detail in post]
    right = sum(getattr(rules.understand(str(post["text"]), lang=language), detail) == post[detail] for post in posts)
    assert right / len(posts) >= DETAILS_MIN


@pytest.mark.parametrize(
    ("lang", "market", "text", "item"),
    [
        pytest.param("fr", "FR", "TF1 écran noir depuis 20h", "tf1", id="channel_makes_it_television"),
        pytest.param("de", "DE", "ProSieben ist weg, kein Bild", "prosieben", id="german_channel"),
        pytest.param("en", "GB", "Sky Sports keeps freezing", "sky-sports", id="british_channel"),
        pytest.param("en", "US", "ESPN is down", "espn", id="american_channel"),
        pytest.param("fr", "FR", "canal+ ne marche plus", "canal-plus", id="plus_sign"),
        pytest.param("en", "GB", "Dave from next door says no signal", None, id="dave_is_a_neighbour"),
        pytest.param("en", "GB", "no picture on the tv when on Dave", "dave", id="dave_is_a_channel"),
        pytest.param("en", "GB", "no 4G in town", "4G", id="technology"),
        pytest.param("de", "DE", "LTE geht nicht", "4G", id="lte_is_4g"),
    ],
)
def test_item_is_the_channel_or_the_technology(
    rules: TextRules, lang: str, market: str, text: str, item: str | None
) -> None:
    assert rules.understand(text, lang=lang, market=market).item == item


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ÇA MARCHE PLUS INTERNET", id="capitals"),
        pytest.param("ca marche plus internet", id="no_accents"),
        pytest.param("ça maaaaarche pluuuus internet", id="stretched"),
        pytest.param("&Ccedil;a marche plus internet", id="entity"),
        pytest.param("Ça marche plus\u00a0internet 😡😡", id="emoji"),
        pytest.param("\x00Ça marche plus internet\ud800", id="nul_and_lone_surrogate"),
        pytest.param("C\u0327a marche plus internet", id="combining_marks"),
    ],
)
def test_spelling_does_not_matter(rules: TextRules, text: str) -> None:
    understood = rules.understand(text, lang="fr")
    assert (understood.relevant, understood.symptom) == (True, "no_internet")


def test_topics_are_told_beside_the_complaint(rules: TextRules) -> None:
    text = "No signal for 3 days, I want compensation, my business is losing money"
    assert rules.topics(text, lang="en") == ("compensation", "professionals")


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        pytest.param("en", "heard a digger went through a cable near the A1", "cable", id="english"),
        pytest.param("de", "angeblich brand im rechenzentrum von vodafone", "fire", id="german"),
        pytest.param("fr", "il paraît que ça va durer plusieurs jours", "days", id="french"),
        pytest.param("nl", "ze zijn vast failliet", "unpaid", id="dutch"),
    ],
)
def test_claims_about_the_outage_are_topics(rules: TextRules, lang: str, text: str, kind: str) -> None:
    assert f"claim:{kind}" in rules.topics(text, lang=lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        pytest.param("en", "No signal since lunch. Is it my phone or is everyone else off?", id="english"),
        pytest.param("de", "kein netz, liegt es an meinem Handy?", id="german"),
        pytest.param("fr", "plus de réseau, ça vient de mon téléphone ?", id="french"),
        pytest.param("nl", "geen bereik, ligt het aan mijn telefoon?", id="dutch"),
    ],
)
def test_who_suspects_the_own_device_says_so(rules: TextRules, lang: str, text: str) -> None:
    assert "device" in rules.topics(text, lang=lang)


def test_contrast_undoes_a_denial_but_recovery_stands(rules: TextRules) -> None:
    assert rules.understand("great signal but no data at all", lang="en").relevant
    assert not rules.understand("had no signal but all back up and running", lang="en").relevant


def test_language_is_the_platforms_word_else_told_from_the_text(rules: TextRules) -> None:
    assert rules.understand("whatever", lang="de-AT").lang == "de"
    assert rules.understand("Das Internet ist schon wieder weg", lang="und").lang == "de"
    assert rules.understand("plus de réseau depuis ce matin").lang == "fr"
    assert rules.understand("there is no signal in the house again").lang == "en"


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=300), lang=st.sampled_from(["de", "en", "fr", None, "xx"]))
def test_no_text_does_harm(rules: TextRules, text: str, lang: str | None) -> None:
    understood = rules.understand(text, lang=lang)
    assert isinstance(understood, Understood)
    assert 0 <= understood.probability_permille < 1000
    assert rules.understand(text, lang=lang) == understood


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "no signal " * 10_000,
        "aaa" * 9_000,
        "#down" * 5_000,
        "@" * 9_000,
        "down no 4g " * 2_000,
        "&amp" * 9_000,
    ],
    ids=["word", "claims", "stretched", "hashtags", "handles", "pairs", "entities"],
)
def test_long_texts_are_read_up_to_the_limit(rules: TextRules, text: str) -> None:
    assert rules.understand(text, lang="en").probability_permille in range(1000)


def test_answers_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from pathlib import Path\n"
        "from pipeline.adapters.reference.folder import load_operators\n"
        "from pipeline.adapters.reference.language import read_lexicon\n"
        "from pipeline.ingest.text.understand import PlaceName, TextRules\n"
        "import json\n"
        "names = [PlaceName('Newport', 'GB/WLS/newport', 9, 'GB'), PlaceName('Newport', 'GB/ENG/newport', 9, 'GB')]\n"
        "lexicon, markets = read_lexicon(Path('deploy/reference/lexicon')), load_operators().markets.values()\n"
        "rules = TextRules.compile(lexicon, names, (), markets=markets)\n"
        "for code in ('de', 'en', 'fr'):\n"
        "    for line in Path(f'tests/ingest/text/posts/{code}.jsonl').read_text().splitlines():\n"
        "        print(rules.understand(json.loads(line)['text'] + ' Newport'))\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4711")
    ]
    assert runs[0] == runs[1]
    assert runs[0].count(b"Understood(") >= 120


def test_lexicon_errors_name_the_file_and_the_fault() -> None:
    with pytest.raises(ConfigError, match=r"no file common\.toml, channels\.toml, <language>\.toml"):
        lexicon_of({})


@pytest.mark.parametrize(
    ("name", "stated", "told"),
    [
        pytest.param("dutch", "nl", "'dutch' is no language", id="no_code"),
        pytest.param("nl", "fr", "language = 'fr'; must be 'nl'", id="another_language"),
        pytest.param("nl", "nl", "nl.toml: Object missing required field", id="half_a_file"),
    ],
)
def test_a_file_of_another_language_is_read_or_refused_and_never_ignored(name: str, stated: str, told: str) -> None:
    folder = Path(ROOT / "deploy" / "reference" / "lexicon")
    documents = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    half = {"language": stated} if stated == name else {**documents["fr"], "language": stated}
    with pytest.raises(ConfigError, match=re.escape(told)):
        lexicon_of({**documents, name: half})
    lexicon = lexicon_of({**documents, "xx": {**documents["fr"], "language": "xx"}})
    assert list(lexicon.languages) == sorted({"xx", *documents} - {"common", "channels"})
