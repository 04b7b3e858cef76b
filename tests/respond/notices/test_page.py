"""The page on notices says what the tables of the program say."""

from pathlib import Path

from pipeline.respond.notices.holding import HOLDS
from pipeline.respond.notices.life import TRANSITIONS
from pipeline.respond.notices.occasions import OCCASIONS, markdown
from pipeline.wording.notices.parts import PARTS
from pipeline.wording.sentences import OCCASIONS as TITLED

PAGE = (Path(__file__).parents[3] / "docs" / "notices.md").read_text("utf-8")


def test_the_page_has_the_table_of_occasions() -> None:
    assert markdown() in PAGE, "python -c 'from pipeline.respond.notices.occasions import *; print(markdown())'"


def test_the_page_names_every_reason_to_hold_back_and_every_state() -> None:
    for hold in HOLDS:
        assert f"| {hold.reason.value} |" in PAGE
    for state in TRANSITIONS:
        assert f"| {state} |" in PAGE


def test_every_occasion_has_a_title_and_every_part_a_sentence() -> None:
    assert {occasion.name for occasion in OCCASIONS} == set(TITLED)
    for occasion in OCCASIONS:
        assert set(occasion.says) <= PARTS.keys()
