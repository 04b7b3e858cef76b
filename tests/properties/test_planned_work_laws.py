"""Laws of planned work: told once, in time, never after it was called off, whatever is ordered."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.casework import CaseworkState, apply, slot_type
from pipeline.correlate.config import CorrelateConfig
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import work_id_of
from pipeline.records.inner.signals import OfficialPost, PlacedCommand
from pipeline.records.published.notices import Notice, latest_of
from pipeline.reference.communication import Ahead, CommunicationProfile
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from tests.correlate.stories import REFERENCE, at, command, official, pane_with, time_text
from tests.wording.shipped import WORDING

LAST: Final = 8 * 24 * 60
PROFILE: Final = CommunicationProfile(
    profile="short",
    source="a test",
    planned_ahead=(Ahead(minutes=240, audiences=("business_customers",)), Ahead(minutes=60)),
)
RULES: Final = RespondRules(
    config=RespondConfig(sent_by_rule=(("planned_work", "internal", "noc-lead"),)),
    wording=WORDING,
    communication=(PROFILE,),
)
NAMES: Final = ("chg-1", "chg-2", "chg-3")


class Order(NamedTuple):
    """An order, and its minute."""

    minute: int
    placed: PlacedCommand


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    """Windows that are ordered, called off and ordered anew, and orders about their drafts, as they come."""
    minutes = sorted(draw(st.lists(st.integers(1, 600), min_size=1, max_size=8)))
    made = []
    for number, minute in enumerate(minutes):
        name = draw(st.sampled_from(NAMES))
        kind = draw(st.sampled_from(["maintenance", "maintenance", "dismiss", "approve", "reject"]))
        facts: dict[str, Any] = {"reason": "x"}
        target = name if kind == "dismiss" else work_id_of("DE", name)
        if kind == "maintenance":
            begins, lasts = minute + draw(st.integers(-30, 500)), draw(st.integers(1, 200))
            facts |= {"starts_at": time_text(begins), "until": time_text(begins + lasts), "command_id": name}
            facts |= {"exercise": draw(st.booleans()), **draw(st.sampled_from([{}, _DAILY]))}
            target = "netcologne"
        facts.setdefault("command_id", f"order-{number}")
        made.append(Order(minute, command(minute, kind, target, **facts)))
    return made


_PLACES: Final = ("DE/NW/koeln", "DE/NW/bonn")
_DAILY: Final = {"recurrence": "FREQ=DAILY;COUNT=3"}


def run(
    told: Sequence[Order],
    cuts: Sequence[int] = (),
    *,
    crash: bool = False,
    turned: bool = False,
    said: Sequence[OfficialPost] = (),
) -> list[object]:
    """Let orders and posts come and time pass, with records cut where it is said."""
    panes: dict[int, list[PlacedCommand | OfficialPost]] = {}
    for post in said:
        panes.setdefault((int(post.at) // PANE_MS + 1) * PANE_MS, []).append(post)
    for order in told:
        panes.setdefault((at(order.minute) // PANE_MS + 1) * PANE_MS, []).append(order.placed)
    state, outputs = CaseworkState(0), list[object]()
    for end in sorted({*panes, *(at(cut) for cut in cuts), at(LAST)}):
        things = panes.get(end, [])
        made = [pane_with(end, things[::-1] if turned else things)] if things else []
        record = Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(end), panes=made)
        outputs += apply(state, record, (CorrelateConfig(), REFERENCE), RULES, DUTIES).outputs
        if crash:
            kept = {name: decode_slot(encode_slot(slot), slot_type(name)) for name, slot in state.slots.items()}
            state = CaseworkState.restored(0, kept)
    assert not [name for name in state.slots if name.startswith("work|")], "all of it is over, and forgotten"
    return outputs


@settings(max_examples=30, deadline=None)
@given(told=orders(), said=st.lists(st.tuples(st.integers(1, 700), st.sampled_from(["", *_PLACES])), max_size=6),
       cuts=st.lists(st.integers(0, 900), max_size=8))  # fmt: skip
def test_what_posts_tell_of_is_asked_once_under_every_cut_and_crash_and_announces_nothing(
    told: list[Order], said: list[tuple[int, str]], cuts: list[int]
) -> None:
    posts = [official(minute, kind="planned", area=area, post_id=f"{minute}{area}") for minute, area in said]
    once = run(told, said=posts)
    assert [encode(output) for output in run(told, cuts, crash=True, said=posts)] == [encode(output) for output in once]
    assert [encode(output) for output in run(told, turned=True, said=posts)] == [encode(output) for output in once]
    texts = [notice for notice in notices_of(once) if notice.occasion == "work_said"]
    assert all((n.audience, n.outlet) == ("care_agents", "internal") and n.state != "sent" for n in texts)
    assert all(n.state != "draft" for n in latest_of(texts)), "every question ends"
    places = [notice.body.partition("maintenance ")[2].partition(",")[0] for notice in latest_of(texts)]
    assert len(set(places)) == len(places)
    others = [encode(n) for n in notices_of(once) if n.occasion != "work_said"]
    assert others == [encode(n) for n in notices_of(run(told)) if n.occasion != "work_said"]


def notices_of(outputs: Sequence[object]) -> list[Notice]:
    return [output for output in outputs if isinstance(output, Notice)]


@settings(max_examples=40, deadline=None)
@given(told=orders(), cuts=st.lists(st.integers(0, 900), max_size=12))
def test_no_cut_no_order_within_a_pane_and_no_crash_changes_a_byte(told: list[Order], cuts: list[int]) -> None:
    once = [encode(output) for output in run(told)]
    assert [encode(output) for output in run(told, cuts)] == once
    assert [encode(output) for output in run(told, cuts, crash=True)] == once
    assert [encode(output) for output in run(told, turned=True)] == once


@settings(max_examples=40, deadline=None)
@given(told=orders())
def test_nothing_is_told_twice_and_each_text_is_told_before_it_begins(told: list[Order]) -> None:
    notices = notices_of(run(told))
    fresh = [notice for notice in notices if notice.notice_revision == 1]
    assert len({notice.notice_id for notice in fresh}) == len(fresh)
    times = Counter((n.incident_id, n.occasion, n.expires_at, n.audience, n.outlet, n.language) for n in fresh)
    assert set(times.values()) <= {1}
    assert all(n.expires_at is not None and n.drafted_at < n.expires_at for n in fresh)
    assert not [n for n in latest_of(notices) if n.state == "draft"], "every text ends"
    assert not [n for n in notices if n.exercise and n.state in ("sent", "approved")]


@settings(max_examples=40, deadline=None)
@given(told=orders())
def test_nothing_but_that_it_is_called_off_follows_once_it_is_and_only_who_was_told_hears(told: list[Order]) -> None:
    notices = notices_of(run(told))
    for name in NAMES:
        mine = [notice for notice in notices if notice.incident_id == work_id_of("DE", name)]
        firsts = [n for n in mine if n.notice_revision == 1]
        ordered = min((o.minute for o in told if o.placed.command.command_id == name), default=LAST)
        ended = [o.minute for o in told if o.placed.command.kind == "dismiss" and o.placed.command.target == name]
        off = min((minute for minute in ended if minute > ordered), default=None)
        if off is not None and ordered not in ended:
            assert not [n for n in firsts if n.occasion == "work_ahead" and n.drafted_at > at(off + 1)]
        known = {n.notice_id for n in mine if n.occasion == "work_ahead" and n.state in ("approved", "sent")}
        taken_back = [n.supersedes for n in firsts if n.occasion == "work_cancelled"]
        assert set(taken_back) <= known


@settings(max_examples=25, deadline=None)
@given(told=orders())
def test_an_audience_hears_as_long_before_as_the_profile_says_or_at_once(told: list[Order]) -> None:
    ahead = {"business_customers": 240}
    asked = {work_id_of("DE", o.placed.command.command_id): o.minute for o in reversed(told)}
    for notice in notices_of(run(told)):
        if notice.notice_revision != 1 or notice.occasion != "work_ahead":
            continue
        assert notice.expires_at is not None
        due = int(notice.expires_at) - ahead.get(notice.audience, 60) * 60_000
        heard = (at(asked[notice.incident_id]) // PANE_MS + 1) * PANE_MS
        assert int(notice.drafted_at) == max(-(-due // PANE_MS) * PANE_MS, heard)
