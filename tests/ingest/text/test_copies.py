"""Copies of one long text share a mark, whoever posts them; texts of different people do not."""

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


def test_hardly_two_texts_of_the_training_set_share_a_mark() -> None:
    texts = {text.text for code in LANGUAGES for text in read_texts(code)}
    marks = [mark for text in texts if (mark := copy_mark(text)) is not None]
    assert len(marks) > 1_000
    pairs = len(marks) * (len(marks) - 1) // 2
    assert len(marks) - len(set(marks)) <= pairs // 1_700_000


def test_a_short_text_is_nobodys_copy() -> None:
    assert copy_mark(" ".join(["down"] * (WORDS_MIN - 1))) is None
