"""A backup never takes more customers than it says: all who are hit, the areas that fit, or nobody."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.clocks import Instant
from pipeline.records.published.failovers import Failover
from pipeline.records.published.incident_parts import AreaShare, Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.failovers_config import Backup
from pipeline.respond.telling import told
from tests.respond.failovers.made import BOT, Market, phases_in, records_in, words_in

STREAM: Final = replace(BOT, target="netcologne/stream", kind="web_stream", text="Stream im Netz", customers_max=60_000)
NRW: Final = ("DE/NW", "DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen")


def area(path: str, high: int | None, *, back: bool = False) -> AreaShare:
    numbers = None if high is None else Interval(low=0, high=high)
    name = path.rpartition("/")[2].capitalize()
    return AreaShare(area=path, name=name, customers_affected=numbers, back_at=Instant(1) if back else None)


def hit(**highs: int | None) -> dict[str, Any]:
    """Facts of a revision: towns with the most customers who are hit there, and the region above them."""
    towns = tuple(area(f"DE/NW/{town}", high) for town, high in highs.items())
    most = sum(high or 0 for high in highs.values())
    return {"areas": (area("DE/NW", most), *towns), "customers_affected": Interval(low=0, high=most, likely=most // 9)}


def one(outputs: list[object]) -> Failover:
    (record,) = records_in(outputs)
    return record


def test_who_fits_is_served_as_a_whole() -> None:
    record = one(Market(STREAM).change(1, **hit(koeln=40_000, bonn=20_000)))
    assert (record.is_partial, record.customers, record.guard_rails.customers_max) == (False, 60_000, 60_000)
    assert record.areas == ("DE/NW", "DE/NW/koeln", "DE/NW/bonn")


def test_of_too_many_the_largest_areas_that_fit_are_served_and_the_record_says_whom() -> None:
    market = Market(STREAM, mode="act")
    outputs = market.change(1, **hit(koeln=250_000, bonn=40_000, aachen=30_000, dueren=20_000))
    record = one(outputs)
    assert record.is_partial
    assert (record.areas, record.areas_omitted, record.customers) == (("DE/NW/bonn", "DE/NW/dueren"), 0, 60_000)
    assert "only for DE/NW/bonn, DE/NW/dueren" in words_in(outputs)
    (case,) = market.state.cases("DE")
    offers = told(case, case.incident).alternatives or ()
    assert [offer.text for offer in offers] == ["Stream im Netz (Bonn, Dueren)"], "nobody else is told to use it"


def test_nobody_is_served_where_no_area_fits_and_a_guard_rail_says_so() -> None:
    outputs = Market(STREAM).change(1, **hit(koeln=250_000, bonn=70_000))
    assert phases_in(outputs) == []
    assert "320000 may be hit" in words_in(outputs)
    assert "[customers]" in words_in(outputs)


def test_a_number_that_nobody_knows_is_not_taken_for_a_small_one() -> None:
    outputs = Market(STREAM).change(1, areas=(area("DE/NW/koeln", None),), customers_affected=None)
    assert "nobody knows how many are hit" in words_in(outputs)


def test_an_area_that_is_back_or_not_the_backups_business_is_not_chosen() -> None:
    facts = hit(koeln=250_000, bonn=10_000, aachen=20_000)
    facts["areas"] = (*facts["areas"][:2], area("DE/NW/bonn", 10_000, back=True), facts["areas"][3])
    assert one(Market(STREAM).change(1, **facts)).areas == ("DE/NW/aachen",)
    elsewhere = replace(STREAM, areas=("DE/NW/koeln", "DE/NW/bonn"))
    assert "[customers]" in words_in(Market(elsewhere).change(1, **facts))


def test_whom_it_serves_it_keeps_until_they_are_too_many() -> None:
    market = Market(STREAM, mode="act")
    market.change(1, **hit(koeln=250_000, bonn=40_000, aachen=30_000))
    assert market.change(2, **hit(koeln=250_000, bonn=30_000, aachen=50_000)) == records_in(market.written)[1:]
    assert market.now[STREAM.target].areas == ("DE/NW/bonn",), "the larger one that would fit as well has to wait"
    outputs = market.change(3, **hit(koeln=250_000, bonn=61_000, aachen=50_000))
    assert market.now[STREAM.target].areas == ("DE/NW/aachen",)
    assert "now for DE/NW/aachen" in words_in(outputs)
    outputs = market.change(4, **hit(koeln=250_000, bonn=61_000, aachen=61_000))
    assert phases_in(outputs) == [("over", "standby")]
    assert "more customers are hit than it takes" in words_in(outputs)


def test_a_backup_that_does_not_say_how_many_it_takes_serves_everybody() -> None:
    record = one(Market(BOT).change(1, **hit(koeln=250_000, bonn=70_000)))
    assert (record.is_partial, record.customers, record.areas) == (False, None, ("DE/NW", "DE/NW/koeln", "DE/NW/bonn"))


sizes = st.one_of(st.none(), st.integers(0, 90_000))
revisions = st.lists(
    st.tuples(
        st.lists(sizes, min_size=3, max_size=3),
        st.sampled_from([None, 50_000, 100_000, 400_000]),
        st.sampled_from([IncidentState.CONFIRMED, IncidentState.CONFIRMED, IncidentState.RECOVERING]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(said=revisions, most=st.integers(1, 150_000), mode=st.sampled_from(("propose", "act")))
def test_no_record_ever_asks_for_more_than_the_backup_takes(said: list[Any], most: int, mode: str) -> None:
    backup: Backup = replace(STREAM, customers_max=most)
    market = Market(backup, mode=mode)
    for number, (highs, total, state) in enumerate(said):
        rows = tuple(area(path, high) for path, high in zip(NRW[1:], highs, strict=True))
        whole = None if total is None else Interval(low=0, high=total)
        market.change(number + 1, areas=(area(NRW[0], total), *rows), customers_affected=whole, state=state)
        now = market.now.get(backup.target)
        if now is not None and now.phase in ("proposed", "active"):
            assert _load(now, market.known["one"]) <= most


def _load(record: Failover, incident: Incident) -> int:
    """Most customers who may come, by the incident's own numbers."""
    if not record.is_partial:
        assert incident.customers_affected is not None
        return incident.customers_affected.high
    known = {row.area: row.customers_affected for row in incident.areas}
    assert record.areas, "no area means all of the operator"
    assert NRW[0] not in record.areas, "a region holds its towns"
    numbers = [known[path] for path in record.areas]
    return sum(number.high for number in numbers if number is not None)
