"""What makes a suspicion a fact: one number and one bar, and who brought it there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.belief.confirm import verdict
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.held import NEVER_MILLI, AccountHeld
from pipeline.records.errors import ConfigError
from tests.correlate.accounts import odds_milli
from tests.correlate.made import account, dossier, said

CONFIG = ConfirmConfig()


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        pytest.param(None, None, id="nothing_was_weighed"),
        pytest.param(account(0.899, network=9_000, public=9_000), None, id="nearly_sure_is_a_suspicion"),
        pytest.param(
            account(0.901, network=9_000, public=1_000), "corroborated", id="two_groups_corroborate_each_other"
        ),
        pytest.param(account(0.901, network=9_000, public=999), "strong_single_source", id="the_second_says_little"),
        pytest.param(
            account(0.901, network=9_000, care=-3_000), "strong_single_source", id="the_second_speaks_against"
        ),
        pytest.param(account(0.92, care=9_000, public=9_000), None, id="people_alone_must_be_surer"),
        pytest.param(account(0.931, care=9_000, public=9_000), "corroborated", id="people_alone_may_be_sure"),
        pytest.param(account(0.5, peak=0.99, care=9_000, public=9_000), None, id="what_was_sure_an_hour_ago"),
    ],
)
def test_the_account_decides_whether_it_is_a_fact_and_its_groups_name_the_reason(
    held: AccountHeld | None, reason: str | None
) -> None:
    found = verdict(dossier(account=held), CONFIG)
    assert (found.value if found else None) == reason


@pytest.mark.parametrize(
    ("now", "before", "is_alone", "suffices"),
    [
        pytest.param(0.93, 0.0, True, False, id="one_minute_in_which_a_few_wrote_by_chance"),
        pytest.param(0.93, 0.89, True, False, id="and_the_one_before_was_unsure"),
        pytest.param(0.93, 0.92, True, True, id="believed_twice"),
        pytest.param(0.89, 0.99, True, False, id="not_any_more"),
        pytest.param(0.991, 0.0, True, True, id="so_many_spoke_at_once"),
        pytest.param(0.93, 0.0, False, True, id="another_figure_fell_as_well"),
    ],
)
def test_a_figure_that_falls_alone_is_a_fact_once_it_was_believed_in_two_steps(
    now: float, before: float, is_alone: bool, suffices: bool
) -> None:
    held = structs.replace(account(now, network=9_000, public=1_500), is_alone=is_alone)
    held = structs.replace(held, before_milli=odds_milli(before) if before else NEVER_MILLI)
    assert (verdict(dossier(account=held), CONFIG) is not None) is suffices


def test_however_many_people_speak_they_confirm_nothing_beside_the_account() -> None:
    loud = {"care": said(500, last=60), "public": said(5_000, last=60)}
    assert verdict(dossier("DE/NW/koeln", "DE/NW/bonn", witnesses=loud, account=account(0.6)), CONFIG) is None


@given(probability=st.floats(0.001, 0.999), bar=st.floats(0.5, 0.99))
def test_the_bar_is_that_of_the_settings(probability: float, bar: float) -> None:
    config = ConfirmConfig(confirm_from=bar, confirm_unmeasured_from=0.5)
    for speaks in ({"network": 9_000}, {}):
        suffices = verdict(dossier(account=account(probability, **speaks)), config) is not None
        assert suffices == (probability >= bar) or abs(probability - bar) < 1e-3


@pytest.mark.parametrize("bar", [1.0, float("nan")])
def test_people_alone_are_never_certain(bar: float) -> None:
    with pytest.raises(ConfigError, match="confirm_unmeasured_from"):
        ConfirmConfig(confirm_unmeasured_from=bar)


@pytest.mark.parametrize("bar", [0.4, 1.0, float("nan")])
def test_a_fact_needs_no_less_than_a_suspicion_and_never_certainty(bar: float) -> None:
    with pytest.raises(ConfigError, match="confirm_from"):
        ConfirmConfig(confirm_from=bar)
