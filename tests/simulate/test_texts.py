"""French and German texts: every kind in every voice, hundreds of patterns, nothing left open, nothing too long."""

import re
from collections import Counter
from random import Random
from typing import Any, Final

import msgspec
import pytest

from pipeline.simulate.spec.wording import Speaker, Style, Wording, WordingFile
from tests.simulate.conftest import texts_of

LANGUAGES: Final = ("fr", "de")
EVERYDAY: Final = "local_fault price praise question advert offtopic rival other_company spam news"
OUTAGE: Final = (
    "complaint emergency worry rumour rumour_root rumour_reply compensation leaving thanks joke recovery blame "
    "professional no_word channel_black schedule_error buffering power_cut collateral slow flapping"
)
TRAPS: Final = (
    "bot football new_year scandal price_rise celebrity_root celebrity_reply game_down campaign emergency_news "
    "rival_down"
)
DESKS: Final = (
    "complaint local_fault billing contract emergency compensation channel_black schedule_error buffering power_cut "
    "slow flapping price_rise"
)
SERVICES: Final = ("broadband", "fixed_voice", "tv", "mobile_voice", "mobile_data", "sms")
INTAKES: Final = ("phone", "app", "chat", "button", "web", "email", "shop", "bot")
COPIED: Final = {"mentions.bot", "mentions.celebrity_reply", "mentions.rumour_root", "mentions.rumour_reply"}
"""Posts that are passed on as they are, and replies of two words: repeats are their nature."""
HARMLESS_WORDS: Final = {
    "fr": ("panne", "coupure", "capt", "réseau", "antenne", "connexion"),
    "de": ("netz", "empfang", "ausfall", "geht nicht", "verbindung", "leitung"),
}
CHARACTERS_MAX: Final = 500
"""Of a post, on the narrowest of the platforms that allow more than a few lines."""
SEEDS: Final = 150

WRITER: Final = Speaker(
    spellings=("Villefranche-de-Rouergue", "Villefranche"),
    hashtags=("villefranche",),
    postcodes=("12200",),
    brands=("Mistral Télécom", "mistral"),
    hour=9,
    minute=5,
    items=("Canal Neuf",),
    programmes=("Les nuits de Saint-Malo",),
    other_brands=("Boréal",),
    emergency_numbers=("112", "15"),
)
DOWN: Final = WRITER._replace(since_hour=7)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def document(language: str) -> dict[str, Any]:
    return texts_of(language)


@pytest.fixture(scope="module")
def wording(document: dict[str, Any]) -> Wording:
    return Wording(msgspec.convert(document, WordingFile))


@pytest.fixture(scope="module")
def said(document: dict[str, Any], wording: Wording) -> dict[str, list[str]]:
    """Many texts of each pool; half of the writers know since when it is down."""
    texts = {}
    for pool in document["pools"]:
        voice, kind, *service = pool.split(".")
        chances = (Random(f"{pool} {seed}") for seed in range(SEEDS))
        texts[pool] = [
            wording.say(chance, voice, kind, DOWN if chance.random() < 0.5 else WRITER, *service) for chance in chances
        ]
    return texts


def posts_of(document: dict[str, Any]) -> dict[str, list[str]]:
    return {name: patterns for name, patterns in document["pools"].items() if name.startswith("mentions.")}


def test_every_slot_is_known_and_every_mood_has_its_emoji(wording: Wording) -> None:
    assert wording.problems() == []


def test_no_list_of_words_is_there_for_nothing(document: dict[str, Any]) -> None:
    patterns = [pattern for part in ("words", "pools") for texts in document[part].values() for pattern in texts]
    used = set(re.findall(r"\{([a-z_]+)\??\}", " ".join(patterns)))
    emoji = {f"emoji_{mood}" for mood in document["moods"].values()}
    assert set(document["words"]) - used - emoji == {"since_clock"}  # stands in for `since`


def test_every_kind_of_post_has_its_pool(wording: Wording) -> None:
    kinds = (*EVERYDAY.split(), *OUTAGE.split(), *TRAPS.split())
    assert [kind for kind in kinds if not wording.knows("mentions", kind)] == []


@pytest.mark.parametrize("intake", INTAKES)
def test_every_kind_of_ticket_has_its_pool_at_every_desk(wording: Wording, intake: str) -> None:
    assert [kind for kind in DESKS.split() if not wording.knows(intake, kind)] == []


@pytest.mark.parametrize("voice", ["mentions", "phone", "app"])
def test_a_complaint_has_words_for_each_service(wording: Wording, voice: str) -> None:
    assert [service for service in SERVICES if not wording.knows(voice, f"complaint.{service}")] == []


def test_a_single_fault_has_words_for_each_service(wording: Wording) -> None:
    assert [service for service in SERVICES if not wording.knows("mentions", f"local_fault.{service}")] == []


def test_posts_have_more_than_three_hundred_patterns_and_none_twice(document: dict[str, Any]) -> None:
    posts = posts_of(document)
    count = Counter(pattern for patterns in posts.values() for pattern in patterns)
    assert len(count) >= 300
    assert [pool for pool, patterns in posts.items() if len(patterns) > len(set(patterns))] == []
    assert [pool for pool, patterns in posts.items() if len(patterns) < 6] == []


def test_no_text_is_empty_or_has_a_slot_left_open(said: dict[str, list[str]]) -> None:
    for pool, texts in said.items():
        assert [text for text in texts if not text.strip() or re.search(r"[{}]", text)] == [], pool


def test_no_post_is_longer_than_a_platform_allows(said: dict[str, list[str]]) -> None:
    longest = {pool: max(map(len, texts)) for pool, texts in said.items() if pool.startswith("mentions.")}
    assert {pool: length for pool, length in longest.items() if length > CHARACTERS_MAX} == {}


def test_no_mark_is_left_where_an_optional_part_stays_away(document: dict[str, Any]) -> None:
    """All habits off: what is wrong then is wrong in the pattern."""
    plain = Wording(msgspec.convert({**document, "styles": {"mentions": Style(optional=0.4)}}, WordingFile))
    for pool in posts_of(document):
        voice, kind, *service = pool.split(".")
        chance = Random(pool)
        texts = [plain.say(chance, voice, kind, DOWN, *service) for _ in range(SEEDS)]
        assert [text for text in texts if re.search(r"\s[.,]\s|[?!]\.(?!\.)|(?<!\.)\.\.(?!\.)|,\.", text)] == [], pool


def test_posts_of_a_kind_hardly_ever_repeat(said: dict[str, list[str]]) -> None:
    for pool, texts in said.items():
        if pool.startswith("mentions.complaint") or pool == "mentions.local_fault":
            assert len(set(texts)) > 0.95 * SEEDS, pool
        elif pool.startswith("mentions.") and pool not in COPIED:
            assert len(set(texts)) > 0.6 * SEEDS, pool


def test_a_complaint_names_its_place_at_times_and_at_times_not(said: dict[str, list[str]]) -> None:
    texts = [text.lower() for pool, each in said.items() if pool.startswith("mentions.complaint") for text in each]
    placed = sum("villefranche" in text or "12200" in text for text in texts) / len(texts)
    assert 0.2 < placed < 0.8


def test_words_of_trouble_are_in_harmless_posts_too(said: dict[str, list[str]], language: str) -> None:
    harmless = " ".join(text.lower() for kind in ("offtopic", "news", "football") for text in said[f"mentions.{kind}"])
    found = [word for word in HARMLESS_WORDS[language] if word in harmless]
    assert len(found) >= 4, found


def test_a_mobile_outage_shows_emergency_calls_only(document: dict[str, Any]) -> None:
    shown = ("appels d'urgence uniquement", "notruf")
    for voice in ("mentions", "phone", "app"):
        patterns = " ".join(document["pools"][f"{voice}.complaint.mobile_voice"]).lower()
        assert any(words in patterns for words in shown), voice


def test_channel_programme_and_the_blamed_operator_come_from_the_world(said: dict[str, list[str]]) -> None:
    def share(pool: str, word: str) -> float:
        return sum(word.lower() in text.lower() for text in said[pool]) / SEEDS

    assert share("mentions.channel_black", "Canal Neuf") > 0.7
    assert share("mentions.schedule_error", "Les nuits de Saint-Malo") > 0.5
    assert share("mentions.blame", "Boréal") > 0.6
    assert share("mentions.emergency_news", "112") + share("mentions.emergency_news", "15") > 0.5


def test_same_seed_same_text_and_another_seed_another(wording: Wording) -> None:
    def texts(seed: int) -> list[str]:
        chance = Random(seed)
        return [wording.say(chance, "mentions", "complaint", DOWN, "mobile_voice") for _ in range(20)]

    assert texts(5) == texts(5)
    assert texts(5) != texts(6)
