"""Copies of one text share a mark, whoever posts them; texts of different people, and short ones, do not."""

import pytest

from pipeline.ingest.text.copies import WORDS_MIN, copy_mark
from training.texts import LANGUAGES, read_texts

TEXT = (
    "The whole estate has been without broadband since Tuesday and nobody at the provider picks up the telephone,"
    " so please all complain to the regulator today"
)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(TEXT.upper(), id="capitals"),
        pytest.param(f"@someone {TEXT} https://t.example/x", id="handle_and_link"),
        pytest.param(TEXT.replace(",", " -") + "!!!", id="signs"),
        pytest.param(f"{TEXT} #outage", id="hashtag"),
    ],
)
def test_a_pasted_text_has_the_mark_of_the_first(copy: str) -> None:
    assert copy_mark(copy) == copy_mark(TEXT) is not None


def test_most_texts_with_one_word_changed_keep_the_mark() -> None:
    words = TEXT.split()
    changed = [" ".join([*words[:place], "otherwise", *words[place + 1 :]]) for place in range(len(words))]
    assert sum(copy_mark(text) == copy_mark(TEXT) for text in changed) > len(changed) // 2


SHORT = "Everybody cancel your contract with them today, nothing works"


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(f"@someone {SHORT.upper()}!!! https://t.example/x", id="handle_link_and_capitals"),
        pytest.param("Nothing works, everybody cancel your contract with them today", id="order"),
        pytest.param(SHORT.replace(",", ", at 7"), id="a_figure"),
    ],
)
def test_a_shorter_text_is_a_copy_if_its_words_are_the_same(copy: str) -> None:
    assert copy_mark(copy) == copy_mark(SHORT) is not None
    assert copy_mark(copy.lower().replace("contract", "subscription")) != copy_mark(SHORT)


@pytest.mark.parametrize(
    "text",
    [
        "no internet here",
        "no signal in Leeds since this morning",
        "is it me or is it down in LS6",
        "kein Netz in Köln seit heute früh",
        "plus de réseau à Lyon depuis ce matin",
        "keine Ahnung ob es an mir liegt 12 13 14",
    ],
)
def test_what_many_people_really_write_is_nobodys_copy(text: str) -> None:
    assert copy_mark(text) is None


def test_hardly_two_shorter_texts_of_the_training_set_share_a_mark() -> None:
    texts = {text.text for code in LANGUAGES for text in read_texts(code) if len(text.text.split()) <= 13}
    marks = [mark for text in texts if (mark := copy_mark(text)) is not None]
    assert len(marks) > 5_000
    assert len(marks) - len(set(marks)) <= 5


def test_hardly_two_texts_of_the_training_set_share_a_mark() -> None:
    texts = {text.text for code in LANGUAGES for text in read_texts(code)}
    marks = [mark for text in texts if (mark := copy_mark(text)) is not None]
    assert len(marks) > 1_000
    pairs = len(marks) * (len(marks) - 1) // 2
    assert len(marks) - len(set(marks)) <= pairs // 1_700_000


def test_a_short_text_is_nobodys_copy() -> None:
    assert copy_mark(" ".join(["down"] * (WORDS_MIN - 1))) is None
