"""Weights of claims: read as they were written, and refused by name otherwise."""

import pytest

from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.alarm_weights import AlarmWeights, alarm_weights_written, parse_alarm_weights

WEIGHTS = AlarmWeights(-310, 600, 200, {"w:112": 140, "w:price": -220}, -450, {"vall*": 60})
WRITTEN = alarm_weights_written(WEIGHTS)


def test_what_was_written_is_read_the_same() -> None:
    assert parse_alarm_weights("alarm.en.tsv", WRITTEN) == WEIGHTS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("# format 1", "# format 9", "must be 1", id="another_format"),
        pytest.param("# base -310", "# base much", "'# base NUMBER'", id="no_number"),
        pytest.param("# sure_permille 600", "# sure_permille 100", "sure the greater", id="sure_below_doubt"),
        pytest.param("w:112\t140", "w:112\t140\t3", "must be a feature and a whole number", id="two_weights"),
        pytest.param("w:112\t140", "w:112\t5000", "at most 1000", id="too_heavy"),
        pytest.param("w:112\t140", "w:price\t140", "named twice", id="named_twice"),
        pytest.param("@vall*\t60\nw:112\t140\nw:price\t-220\n", "", "features: must be 1 to", id="no_features"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(old: str, new: str, said: str) -> None:
    assert old in WRITTEN
    with pytest.raises(ConfigError, match=r"alarm\.en\.tsv") as refusal:
        parse_alarm_weights("alarm.en.tsv", WRITTEN.replace(old, new))
    assert said in str(refusal.value)
