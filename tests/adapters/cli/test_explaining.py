"""`tocsin explain` as a user starts it: both probabilities, and what they are made of."""

import json

import pytest

from pipeline.adapters.cli.exits import Exit
from tests.adapters.cli.conftest import Run


@pytest.mark.parametrize(
    ("text", "lang", "verdict"),
    [
        pytest.param("no signal in Hexham since about six", "en", "a report of a present fault", id="fault"),
        pytest.param("please send me a copy of my last bill", "en", "no report of a present fault", id="bill"),
    ],
)
def test_a_text_is_explained_to_a_person(tocsin: Run, text: str, lang: str, verdict: str) -> None:
    answer = tocsin("explain", text, "--market", "GB", "--lang", lang)
    assert answer.returncode == Exit.OK
    fault, _, moods = answer.stdout.partition("mood ")
    first, _, *parts = fault.splitlines()
    assert first.startswith(f"{verdict}: probability ")
    assert moods.partition(";")[0] in {"hostile", "neutral", "favourable"}
    weights = [abs(int(part.split()[0])) for part in parts]
    assert len(weights) > 5
    assert weights == sorted(weights, reverse=True)


def test_a_text_is_judged_as_one_of_many_complaints(tocsin: Run) -> None:
    alone, among_many = (
        tocsin("explain", "pareil ici", "--market", "FR", *more).stdout for more in ((), ("--context",))
    )
    assert alone.startswith("no report of a present fault: probability ")
    assert among_many.startswith("a report of a present fault: probability ")
    weights = [abs(int(part.split()[1])) for part in among_many.partition("mood ")[0].splitlines()[2:]]
    assert weights == sorted(weights, reverse=True)


def test_a_script_gets_every_feature(tocsin: Run) -> None:
    answer = tocsin("explain", "toujours rien ici", "--lang", "fr", "--format", "json")
    told = json.loads(answer.stdout)
    assert told["understood"]["in_context_permille"] > told["understood"]["probability_permille"]
    assert {part["feature"] for part in told["parts"]} >= {"rien", "toujours"}
    assert told["mood"] == "hostile"
    assert {part["sign"] for part in told["mood_parts"]} >= {"rien", "toujours"}


def test_an_unknown_market_is_refused_with_those_that_are_known(tocsin: Run) -> None:
    answer = tocsin("explain", "no signal", "--market", "XX")
    assert answer.returncode == Exit.USAGE
    assert "'XX': must be one of " in answer.stderr


def test_a_post_of_an_operator_is_explained(tocsin: Run) -> None:
    text = "Hi Sam, broadband is down near you, our engineers are on it. Back by 6pm."
    answer = tocsin("explain", text, "--market", "GB", "--official", "--answers", "--format", "json")
    told = json.loads(answer.stdout)
    assert (told["kind"], told["end"]) == ("outage_reply", "6pm")
    assert told["parts"]["=o:answers"]["outage_reply"] > told["parts"]["=o:answers"]["outage"]


def test_a_person_is_told_the_kind_of_a_post_first(tocsin: Run) -> None:
    answer = tocsin("explain", "All services are back. Thank you for your patience!", "--lang", "en", "--official")
    assert answer.stdout.startswith("an operator's post of kind all_clear\n")
