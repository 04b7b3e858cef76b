"""Texts: varied, complete, and without a slot left open."""

import re
from collections.abc import Mapping
from random import Random

import pytest

from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.parse import Scenario
from pipeline.simulate.spec.wording import Speaker, Style, Wording, WordingFile
from tests.simulate.conftest import texts_of

SPEAKER = Speaker(("Köln", "Kölle"), ("koeln",), ("50667",), ("NetCologne", "Net Cologne"), 9, 5, 9)


Texts = Mapping[str, tuple[str, ...]]


def wording(pools: Texts, words: Texts, **style: float) -> Wording:
    return Wording(WordingFile(styles={"mentions": Style(**style)}, words=dict(words), pools=dict(pools)))


def test_every_pool_writes_finished_sentences(netcologne: Scenario) -> None:
    chance = Random(21)
    for pool in texts_of()["pools"]:
        voice, kind, *service = pool.split(".")
        for _ in range(200):
            text = netcologne.wording.say(chance, voice, kind, SPEAKER, *service)
            assert text.strip() == text != ""
            assert not re.search(r"[{}]", text), f"{pool}: {text}"
            assert len(text) < 500


def test_complaints_have_sixty_patterns_and_hardly_ever_repeat(netcologne: Scenario) -> None:
    pools = {name: patterns for name, patterns in texts_of()["pools"].items() if name.startswith("mentions.complaint")}
    assert len({pattern for patterns in pools.values() for pattern in patterns}) >= 60
    chance = Random(22)
    texts = [netcologne.wording.say(chance, "mentions", "complaint", SPEAKER) for _ in range(2_000)]
    assert len(set(texts)) > 1_500


def test_the_service_has_its_own_patterns_where_there_are_any() -> None:
    both = wording({"mentions.complaint": ("alles",), "mentions.complaint.tv": ("Bild",)}, {"x": ("x",)})
    assert both.say(Random(1), "mentions", "complaint", SPEAKER, "tv") == "Bild"
    assert both.say(Random(1), "mentions", "complaint", SPEAKER, "broadband") == "alles"


def test_an_optional_slot_is_filled_as_often_as_asked() -> None:
    some = wording({"mentions.a": ("weg{where?}",)}, {"where": (" in {place}",)}, optional=0.3)
    chance = Random(23)
    filled = sum("in" in some.say(chance, "mentions", "a", SPEAKER) for _ in range(4_000)) / 4_000
    assert abs(filled - 0.3) < 5 * (0.21 / 4_000) ** 0.5


def test_habits_change_case_letters_and_umlauts() -> None:
    pool, words = {"mentions.a": ("Köln größtenteils still!",)}, {"x": ("x",)}
    assert wording(pool, words, caps=1.0).say(Random(1), "mentions", "a", SPEAKER) == "KÖLN GRÖSSTENTEILS STILL!"
    assert wording(pool, words, lower=1.0).say(Random(1), "mentions", "a", SPEAKER) == "köln größtenteils still!"
    assert wording(pool, words, plain=1.0).say(Random(1), "mentions", "a", SPEAKER) == "Koeln groesstenteils still!"
    assert wording(pool, words, bare=1.0).say(Random(1), "mentions", "a", SPEAKER) == "Köln größtenteils still"
    slipped = wording(pool, words, typo=1.0).say(Random(1), "mentions", "a", SPEAKER)
    assert slipped != "Köln größtenteils still!"


def test_words_in_a_circle_are_refused() -> None:
    circle = wording({"mentions.a": ("{one}",)}, {"one": ("{two}",), "two": ("{one}",)})
    with pytest.raises(ConfigError, match="goes in circles"):
        circle.say(Random(1), "mentions", "a", SPEAKER)


def test_an_unknown_pool_says_what_to_add() -> None:
    with pytest.raises(ConfigError, match=r"pools has no mentions\.b"):
        wording({"mentions.a": ("x",)}, {"x": ("x",)}).say(Random(1), "mentions", "b", SPEAKER)
