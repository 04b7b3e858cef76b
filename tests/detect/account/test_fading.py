"""Places that have cooled: what few people said there is remembered for an hour, and silence takes it back."""

from copy import deepcopy
from functools import partial

import pytest

from pipeline.detect.account.fading import (
    FADED_AFTER_MS,
    Account,
    forget_faded,
    is_worth_keeping,
    recalled,
)
from pipeline.detect.account.filtering import outage_of
from pipeline.detect.account.keeping import Keeper, Seen, Spoken
from pipeline.detect.account.likelihood import Posted, Voices
from pipeline.detect.account.states import FRESH
from pipeline.records.clocks import MINUTE_MS

TOWN, START = "US/NC/raleigh", 1_736_121_600_000
QUIET = Posted(Voices(0.0, 0.02, 0.2), 0.002, ())
"""A minute of a town where one post an hour is usual."""

REPORT = Posted(Voices(1.0, 0.02, 0.2), 0.002, (0, 0, 0, 0, 1))
TALK = Posted(Voices(1.0, 0.02, 0.2), 0.002, (1, 0, 0, 0, 0))


def spoken(said: Posted, _: str) -> Spoken:
    return Spoken([], said)


def outage_after(minutes: dict[int, Posted], until: int) -> float:
    """Greatest probability of an outage in a town where people wrote in some minutes and in the others nobody."""
    accounts: dict[str, Account] = {}
    faded: dict[str, Account] = {}
    most = 0.0
    for minute in range(until):
        seen, said = Seen(), minutes.get(minute, QUIET)
        if said.voices.number and said.strengths[0] == 0:
            seen.murmuring.add(TOWN)
        keeper = Keeper("att", "US/NC", accounts, faded, MINUTE_MS)
        keeper.step(seen, START + (minute + 1) * MINUTE_MS, partial(spoken, said), lambda _: ())
        most = max([most, *(outage_of(account.belief) for account in accounts.values())])
    return most


def test_five_reports_of_a_town_in_twenty_minutes_add_up_though_it_cools_between() -> None:
    spread_out = dict.fromkeys((3, 8, 12, 17, 22), REPORT)
    assert outage_after(spread_out, 30) > 0.5 > 0.1 > outage_after(dict.fromkeys((3, 8), REPORT), 30)


def test_reports_hours_apart_do_not_add_up() -> None:
    far_apart = dict.fromkeys(range(0, 600, 120), REPORT)
    assert outage_after(far_apart, 600) == pytest.approx(outage_after({0: REPORT}, 5), rel=0.5)


def test_talk_is_no_report() -> None:
    assert outage_after(dict.fromkeys((3, 8, 12, 17, 22), TALK), 30) < 0.01


def cooled(outage_times: float) -> Account:
    """A place where an outage is so many times as likely as anywhere."""
    belief = list(FRESH)
    more = (outage_times - 1.0) * outage_of(FRESH)
    belief[0], belief[1] = belief[0] - more, belief[1] + more
    return Account(belief=belief, at=START, since=START)


def test_what_is_believed_of_any_place_is_not_worth_keeping() -> None:
    assert not is_worth_keeping(cooled(1.0))
    assert is_worth_keeping(cooled(2.0))


def test_silence_takes_back_what_was_believed_and_the_longer_the_more() -> None:
    left = []
    for minutes in (1, 10, 30, 60):
        account = recalled(cooled(30.0), QUIET, START + minutes * MINUTE_MS, MINUTE_MS)
        assert account is not None
        assert account.at == START + (minutes - 1) * MINUTE_MS
        left.append(outage_of(account.belief))
    assert left == sorted(left, reverse=True)
    assert left[0] > 2.0 * left[-1]


def test_where_nobody_posts_silence_says_nothing() -> None:
    end = START + 20 * MINUTE_MS
    mute, quiet = recalled(cooled(30.0), None, end, MINUTE_MS), recalled(cooled(30.0), QUIET, end, MINUTE_MS)
    assert mute is not None
    assert quiet is not None
    assert outage_of(mute.belief) > outage_of(quiet.belief)


def test_after_an_hour_a_place_is_like_any_other() -> None:
    late = START + FADED_AFTER_MS + 2 * MINUTE_MS
    assert recalled(cooled(30.0), QUIET, late, MINUTE_MS) is None
    faded = {"old": cooled(30.0), "new": Account(belief=list(FRESH), at=late, since=late)}
    kept = deepcopy(faded)
    forget_faded(faded, START + FADED_AFTER_MS)
    assert faded == kept
    forget_faded(faded, late)
    assert list(faded) == ["new"]
