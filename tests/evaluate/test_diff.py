"""What two runs say otherwise: hand-made pairs for each kind of difference, and the laws of comparing."""

from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.diff.diff import compare
from pipeline.evaluate.diff.matching import likeness
from pipeline.evaluate.diff.records import FIELDS, REST, Difference, DiffRules, Published
from pipeline.records.clocks import Instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import (
    AreaShare,
    Blame,
    EmergencyImpact,
    Interval,
    Item,
    Lead,
    Links,
    OperatorRole,
)
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import Care, Paragraph, Sentence, Summary
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState, NoticeKind, Severity

MINUTE_MS: Final = 60_000
NOON: Final = 1_739_361_600_000
KOELN, BONN, NRW = "DE/NW/koeln", "DE/NW/bonn", "DE/NW"


def at(minute: float) -> Instant:
    return Instant(NOON + round(minute * MINUTE_MS))


def incident(name: str = "one", opened: float = 0, **said: Any) -> Incident:
    """An incident of two hours in Cologne; whatever a test is about is said by name."""
    fields: dict[str, Any] = {
        "incident_id": name,
        "opened_at": at(opened),
        "revision": 1,
        "updated_at": at(opened),
        "market": "DE",
        "state": IncidentState.RESOLVED,
        "severity": Severity.CLEARED,
        "severity_peak": Severity.MAJOR,
        "services": ("broadband",),
        "areas": (AreaShare(area=KOELN, share_ppm=500_000),),
        "operators": (OperatorRole(operator="netcologne", role="primary"),),
        "confirmed_at": at(opened + 5),
        "ended_at": at(opened + 120),
    }
    return Incident(**{**fields, **said})


def run(*incidents: Incident, **other: Any) -> Published:
    """A run in which every incident has one revision."""
    return Published(histories=tuple((one,) for one in incidents), **other)


def told(a: Incident, b: Incident, rules: DiffRules | None = None) -> dict[str, Difference]:
    """Changes of one incident by field, the last of each."""
    found = compare(run(a), run(b), rules)
    assert not found.appeared
    assert not found.gone
    return {change.field: change for pair in found.changed for change in pair.changes}


def notice(name: str = "n1", of: str = "one", body: str = "We know.", **said: Any) -> Notice:
    fields: dict[str, Any] = {"kind": NoticeKind.UPDATE, "audience": "customers", "outlet": "web", "language": "en"}
    fields |= {"notice_id": name, "incident_id": of, "revision": 1, "market": "DE", "operator": "netcologne"}
    return Notice(**{"subject": "Outage", "body": body, "drafted_at": at(10), **fields, **said})


def decision(kind: DecisionKind = DecisionKind.OPENED, name: str = "d1") -> Decision:
    reason = DecisionReason.ANOMALY
    return Decision(decision_id=name, stage="correlate", kind=kind, subject="one", reason=reason, text="why", at=at(0))


def summary(headline: str) -> Summary:
    page = Paragraph(fr="p", en="p", de="p")
    return Summary(headline=Sentence(fr="f", en=headline, de="d"), page=page, phone_bot=page)


# Each line: what the second run says of the same incident, and which fields must be told; nothing else may be.
SAYS_OTHERWISE: Final = [
    pytest.param({"opened_at": at(3)}, {"opened": 180.0}, id="opened_later"),
    pytest.param({"confirmed_at": at(4)}, {"confirmed": -60.0}, id="confirmed_earlier"),
    pytest.param({"confirmed_at": None}, {"confirmed": None}, id="never_confirmed"),
    pytest.param({"resolved_at": at(130)}, {"resolved": None}, id="resolved_by_one_only"),
    pytest.param({"started_at": at(-1)}, {"started": None}, id="start_known_by_one_only"),
    pytest.param({"ended_at": at(121)}, {"ended": 60.0}, id="ended_later"),
    pytest.param({"severity_peak": Severity.CRITICAL}, {"severity_peak": None}, id="graver"),
    pytest.param({"verification": "confirmed"}, {"verification": None}, id="verified"),
    pytest.param({"nature": "content"}, {"nature": None}, id="another_nature"),
    pytest.param({"extent": "general"}, {"extent": None}, id="another_extent"),
    pytest.param({"reopened": 1}, {"reopened": None}, id="came_back"),
    pytest.param({"areas": (AreaShare(area=BONN),)}, {"areas": None}, id="another_place"),
    pytest.param({"areas": (AreaShare(area=KOELN, share_ppm=1),)}, {"shares": None}, id="another_share"),
    pytest.param({"services": ("broadband", "tv")}, {"services": None}, id="one_more_service"),
    pytest.param({"items": (Item(name="ARD"),)}, {"items": None}, id="a_channel_named"),
    pytest.param({"customers_affected": Interval(low=1, high=9)}, {"customers_affected": None}, id="more_customers"),
    pytest.param(
        {"operators": (OperatorRole(operator="netcologne", blame=Blame(share_ppm=9)),)},
        {"operators": None},
        id="blamed_only",
    ),
    pytest.param({"emergency": EmergencyImpact(affected=True)}, {"emergency": None}, id="emergency_calls"),
    pytest.param({"emergency": EmergencyImpact(numbers=("112",))}, {"emergency_numbers": None}, id="numbers"),
    pytest.param({"emergency": EmergencyImpact(claims=2)}, {"emergency_claims": None}, id="claims"),
    pytest.param({"emergency": EmergencyImpact(first_claim_at=at(1))}, {"emergency_claimed": None}, id="first_claim"),
    pytest.param({"summary": summary("down")}, {"summary": None}, id="a_summary"),
    pytest.param({"links": Links(merged_from=("x",))}, {"links": None}, id="merged"),
    pytest.param({"confidence_ppm": 1}, {"confidence_ppm": None}, id="a_field_without_a_line_of_its_own"),
    pytest.param({"care": Care(waiting_seconds=7)}, {"care": None}, id="a_part_without_a_line_of_its_own"),
    pytest.param(
        {"leads": (Lead(source="tickets", first_evidence_at=at(2)),)}, {"first_evidence": None}, id="first_evidence"
    ),
    pytest.param({"state": IncidentState.DISMISSED}, {"state": None, "states": None, "state_at": None}, id="dismissed"),
]


@pytest.mark.parametrize(("says", "fields"), SAYS_OTHERWISE)
def test_what_is_said_otherwise_is_told_and_nothing_else(says: dict[str, Any], fields: dict[str, float | None]) -> None:
    changes = told(incident(), incident(**says))
    assert {field: change.later_seconds for field, change in changes.items()} == fields


@pytest.mark.parametrize(("says", "fields"), SAYS_OTHERWISE)
def test_what_is_ignored_is_not_told(says: dict[str, Any], fields: dict[str, float | None]) -> None:
    by_field = DiffRules(ignored=frozenset(fields))
    by_group = DiffRules(ignored=frozenset(FIELDS.get(field, "rest") for field in fields))
    for rules in (by_field, by_group):
        assert compare(run(incident()), run(incident(**says)), rules).is_empty


@pytest.mark.parametrize("field", Incident.__struct_fields__)
def test_no_field_of_an_incident_is_forgotten(field: str) -> None:
    covered = {says for case in SAYS_OTHERWISE for says in case.values[0]}  # type: ignore[union-attr]
    ids_and_numbers = {"incident_id", "revision", "updated_at", "market", "time_zone", "references"}
    own_tests = {"severity", "state_history", "duration_class", "exercise"}
    assert field in covered | set(REST) | ids_and_numbers | own_tests


def test_a_severity_reached_later_is_told_although_the_end_is_the_same() -> None:
    def history(critical_at: float) -> tuple[Incident, ...]:
        steps = [(0, Severity.MINOR), (critical_at, Severity.CRITICAL), (90, Severity.CLEARED)]
        return tuple(
            incident(revision=n, updated_at=at(minute), severity=severity)
            for n, (minute, severity) in enumerate(steps, 1)
        )

    found = compare(Published(histories=(history(10),)), Published(histories=(history(25),)))
    (pair,) = found.changed
    assert {(one.field, one.of, one.later_seconds) for one in pair.changes} == {
        ("severity_at", "major", 900.0),
        ("severity_at", "critical", 900.0),
    }


def test_more_revisions_are_a_difference() -> None:
    twice = (incident(), incident(revision=2))
    found = compare(run(incident()), Published(histories=(twice,)))
    assert [(one.field, one.a, one.b) for one in found.changed[0].changes] == [("revisions", "1", "2")]


def test_notices_are_compared_by_their_words() -> None:
    a, b = (run(incident(), notices=(notice(body=body),)) for body in ("We know.", "We are sorry."))
    (change,) = compare(a, b).changed[0].changes
    assert (change.field, change.of) == ("notices", "update customers web en")
    assert change.a == "Outage\nWe know."
    assert change.b == "Outage\nWe are sorry."


def test_a_second_notice_of_a_kind_is_compared_with_the_second() -> None:
    first, second = notice("n1", body="one"), notice("n2", body="two", drafted_at=at(20))
    found = compare(run(incident(), notices=(first,)), run(incident(), notices=(second, first)))
    assert [(one.of, one.a) for one in found.changed[0].changes] == [("update customers web en #2", None)]
    assert [(one.topic, one.kind, one.a, one.b) for one in found.counts] == [("notices", "update", 1, 2)]


def test_other_records_are_counted_by_kind() -> None:
    a = run(decisions=(decision(),), quarantined={"ingest late": 2})
    b = run(decisions=(decision(), decision(DecisionKind.MERGED, "d2")), quarantined={"ingest late": 3})
    found = compare(a, b)
    assert [(one.topic, one.kind, one.a, one.b) for one in found.counts] == [
        ("decisions", "merged anomaly", 0, 1),
        ("quarantine", "ingest late", 2, 3),
    ]
    assert compare(a, b, DiffRules(ignored=frozenset({"counts"}))).is_empty


def test_an_incident_of_one_run_only_appeared_or_is_gone() -> None:
    found = compare(run(incident("old")), run(incident("new", opened=600)))
    assert [one.incident_id for one in found.appeared] == ["new"]
    assert [one.incident_id for one in found.gone] == ["old"]
    assert not found.changed
    assert not found.alike


def test_another_id_is_the_same_incident_if_it_says_the_same() -> None:
    a, b = incident("old"), incident("new", opened=2, ended_at=at(120))
    found = compare(run(a), run(b))
    assert [(pair.a.incident_id, pair.b.incident_id) for pair in found.changed] == [("old", "new")]
    by_id = compare(run(a), run(b), DiffRules(align_by="id"))
    assert (len(by_id.appeared), len(by_id.gone), by_id.changed) == (1, 1, ())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"operators": (OperatorRole(operator="o2", role="primary"),)}, id="another_operator"),
        pytest.param({"services": ("tv",), "areas": (AreaShare(area=BONN),)}, id="neither_service_nor_place"),
        pytest.param({"market": "GB"}, id="another_market"),
        pytest.param({"exercise": True}, id="an_exercise"),
        pytest.param({"opened_at": at(131), "ended_at": at(200)}, id="another_time"),
    ],
)
def test_what_has_nothing_in_common_is_another_incident(other: dict[str, Any]) -> None:
    assert likeness(incident("a"), incident("b", **other)) == 0


def test_a_place_within_the_other_is_a_place_in_common() -> None:
    wider = incident("b", services=("tv",), areas=(AreaShare(area=NRW),))
    assert likeness(incident("a"), wider) > 0


def test_the_sum_of_likeness_decides_not_the_best_pair() -> None:
    # Best first would pair the wide one with the one it resembles most, and leave two others without a partner.
    wide: dict[str, Any] = {"services": ("broadband", "tv"), "areas": (AreaShare(area=KOELN), AreaShare(area=BONN))}
    a = run(
        incident("net", ended_at=at(100)),
        incident("tv", services=("tv",), areas=(AreaShare(area=BONN),), ended_at=at(70)),
    )
    b = run(incident("wide", ended_at=at(110), **wide), incident("early", opened=-20, ended_at=at(60)))
    assert _pairs(a, b) == {("net", "early"), ("tv", "wide")}


def test_twins_are_not_parted_for_fragments() -> None:
    a = run(incident("twin", ended_at=at(240)), incident("end", opened=200, ended_at=at(240)))
    b = run(incident("same", ended_at=at(240)), incident("begin", opened=-10, ended_at=at(5)))
    assert _pairs(a, b) == {("twin", "same")}


def _pairs(a: Published, b: Published) -> set[tuple[str, str]]:
    found = compare(a, b)
    return {(pair.a.incident_id, pair.b.incident_id) for pair in (*found.changed, *found.alike)}


def test_times_within_the_tolerance_are_alike() -> None:
    moved = incident(opened_at=at(0.5), ended_at=at(119.5), leads=(Lead(source="tickets", first_evidence_at=at(1)),))
    before = incident(leads=(Lead(source="tickets", first_evidence_at=at(0.5)),))
    assert compare(run(before), run(moved), DiffRules(tolerance_ms=30_000)).is_empty
    assert not compare(run(before), run(moved), DiffRules(tolerance_ms=29_999)).is_empty


def test_lengths_in_seconds_are_within_the_tolerance_too() -> None:
    a, b = (incident(care=Care(waiting_seconds=seconds)) for seconds in (100, 130))
    assert compare(run(a), run(b), DiffRules(tolerance_ms=30_000)).is_empty
    assert not compare(run(a), run(b), DiffRules(tolerance_ms=29_000)).is_empty


def test_only_confirmed_leaves_out_what_neither_confirmed() -> None:
    rules = DiffRules(only_confirmed=True)
    doubtful = incident("doubtful", opened=600, confirmed_at=None)
    assert compare(run(incident()), run(incident(), doubtful), rules).is_empty
    (pair,) = compare(run(incident()), run(incident(confirmed_at=None)), rules).changed
    assert [change.field for change in pair.changes] == ["confirmed"]


def test_an_unknown_field_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(ConfigError, match=r"ignore severty: no such field; did you mean severity\?"):
        DiffRules(ignored=frozenset({"severty"}))
    with pytest.raises(ConfigError, match=r"ignore colour: .* or a group: times, verdict, borders"):
        DiffRules(ignored=frozenset({"colour"}))
    with pytest.raises(ConfigError, match="tolerance -1 ms: must be 0 or more"):
        DiffRules(tolerance_ms=-1)


AREAS: Final = st.lists(st.sampled_from([KOELN, BONN, NRW, "DE/BY", "DE"]), max_size=3, unique=True)


@st.composite
def incidents(draw: st.DrawFn, name: str) -> Incident:
    opened = draw(st.integers(0, 600))
    ended = opened + draw(st.integers(0, 300))
    operators = draw(st.lists(st.sampled_from(["netcologne", "o2"]), max_size=2, unique=True))
    return incident(
        name,
        opened,
        updated_at=at(ended),
        ended_at=draw(st.sampled_from([None, at(ended)])),
        confirmed_at=draw(st.sampled_from([None, at(opened + 3)])),
        severity_peak=draw(st.sampled_from([None, Severity.MINOR, Severity.MAJOR])),
        services=tuple(sorted(draw(st.sets(st.sampled_from(["broadband", "tv", "sms"]))))),
        areas=tuple(AreaShare(area=area, share_ppm=draw(st.integers(0, 2))) for area in draw(AREAS)),
        operators=tuple(OperatorRole(operator=one, role="primary") for one in operators),
        confidence_ppm=draw(st.integers(0, 2)),
    )


@st.composite
def runs(draw: st.DrawFn, prefix: str) -> Published:
    """A few incidents; some have ids that another run has as well."""
    numbers = draw(st.lists(st.integers(0, 9), max_size=6, unique=True))
    names = [draw(st.sampled_from([f"{prefix}{number}", f"both{number}"])) for number in numbers]
    found = [draw(incidents(name)) for name in names]
    notices = tuple(notice(f"n{n}", one.incident_id, draw(st.sampled_from("xy"))) for n, one in enumerate(found))
    return run(*found, notices=notices, quarantined=draw(st.dictionaries(st.sampled_from("pq"), st.integers(1, 3))))


RULES: Final = st.builds(
    DiffRules,
    tolerance_ms=st.sampled_from([0, 30_000, 600_000]),
    ignored=st.frozensets(st.sampled_from(["times", "borders", "texts", "counts", "rest"])),
    align_by=st.sampled_from(["content", "id"]),
    only_confirmed=st.booleans(),
)


@given(one=runs("a"), rules=RULES)
def test_a_run_does_not_differ_from_itself(one: Published, rules: DiffRules) -> None:
    assert compare(one, one, rules).is_empty


@given(a=runs("a"), b=runs("b"), rules=RULES)
def test_the_other_way_round_is_the_mirror_image(a: Published, b: Published, rules: DiffRules) -> None:
    assert compare(b, a, rules) == compare(a, b, rules).mirrored()


def test_twins_are_paired_by_their_ids_however_a_run_was_written() -> None:
    twins = incident("b0"), incident("b1")
    for order in (twins, twins[::-1]):
        assert [one.incident_id for one in compare(run(incident("a0")), run(*order)).appeared] == ["b1"]


@given(a=runs("a"), b=runs("b"), seed=st.randoms(use_true_random=False))
def test_the_order_of_incidents_in_a_run_does_not_matter(a: Published, b: Published, seed: Any) -> None:
    def shuffled(one: Published) -> Published:
        histories = list(one.histories)
        seed.shuffle(histories)
        return msgspec.structs.replace(one, histories=tuple(histories))

    assert compare(shuffled(a), shuffled(b)) == compare(a, b)


@given(a=runs("a"), b=runs("b"))
def test_every_incident_is_told_once(a: Published, b: Published) -> None:
    found = compare(a, b)
    pairs = (*found.changed, *found.alike)
    assert sorted(_ids(a)) == sorted(
        [*(pair.a.incident_id for pair in pairs), *(one.incident_id for one in found.gone)]
    )
    there = [*(pair.b.incident_id for pair in pairs), *(one.incident_id for one in found.appeared)]
    assert sorted(_ids(b)) == sorted(there)


def _ids(one: Published) -> list[str]:
    return [history[-1].incident_id for history in one.histories]
