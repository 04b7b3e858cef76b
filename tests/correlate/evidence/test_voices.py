"""Who says that help cannot be called: each person once, and a text that goes round once."""

import pytest

from pipeline.correlate.evidence.voices import are_sure_together, is_told_before, names_of, voices_of, weight_milli
from pipeline.records.inner.signals import EmergencyClaim
from tests.correlate.stories import claim

CAMPAIGN = "Kids' watch with SOS key: one press calls mum, not 112"


def said(person: int, text: str, permille: int = 1_000) -> EmergencyClaim:
    return claim(0, person, example=text, permille=permille, doubtful=permille < 1_000)


@pytest.mark.parametrize(
    ("claims", "weight"),
    [
        pytest.param([], 0, id="nobody"),
        pytest.param([said(1, "112 tot"), said(2, "112 tot")], 2_000, id="two_people_of_few_words"),
        pytest.param([said(1, "112 tot"), said(1, "immer noch tot")], 1_000, id="one_person_twice"),
        pytest.param([said(1, CAMPAIGN), said(2, CAMPAIGN)], 1_000, id="a_text_that_goes_round"),
        pytest.param([said(1, CAMPAIGN), said(2, f"{CAMPAIGN.upper()}!! https://t.example")], 1_000, id="in_capitals"),
        pytest.param([said(1, "112 tot"), said(2, "RT @…: 112 tot")], 1_000, id="passed_on_by_name"),
        pytest.param([said(2, "Schlimm! RT @ina 112 tot"), said(1, "112 tot")], 1_000, id="in_any_order"),
        pytest.param([said(1, "112 tot. RT si tu sais"), said(2, "15 tot. RT si tu sais")], 2_000, id="please_pass_on"),
        pytest.param([said(1, ""), said(2, "")], 2_000, id="without_a_text"),
        pytest.param([said(1, "112 tot", 400), said(2, "nix geht", 300)], 700, id="as_far_as_probable"),
        pytest.param([said(1, "112 tot", 400), said(1, "nix geht")], 1_000, id="the_surest_of_one_person"),
    ],
)
def test_how_much_claims_weigh(claims: list[EmergencyClaim], weight: int) -> None:
    assert weight_milli(voices_of(claims)) == weight
    assert weight_milli(voices_of(claims[::-1])) == weight


@pytest.mark.parametrize(
    ("permilles", "sure"),
    [
        pytest.param((900, 900), True, id="nine_in_ten_each"),
        pytest.param((770, 965), True, id="one_makes_up_for_the_other"),
        pytest.param((818, 750), False, id="both_barely_sure"),
        pytest.param((1_000, 1_000), True, id="codes_of_a_care_system"),
    ],
)
def test_two_people_are_sure_together_if_their_odds_are(permilles: tuple[int, ...], sure: bool) -> None:
    voices = [claim(0, n, permille=permille) for n, permille in enumerate(permilles)]
    assert are_sure_together(voices, 2) == sure


def test_a_writer_and_a_copied_text_are_known_again() -> None:
    heard = set(names_of(said(1, CAMPAIGN)))
    assert is_told_before(said(1, "etwas anderes"), heard)
    assert is_told_before(said(2, CAMPAIGN), heard)
    assert not is_told_before(said(2, "etwas anderes"), heard)
