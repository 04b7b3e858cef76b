"""Cells become fields: numbers of two habits, texts in HTML, names that the reference knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.recordings.intake.cells.known import KnownNames
from pipeline.adapters.recordings.intake.cells.markup import SOURCE_CHARS_MAX, closed, is_markup, text_of
from pipeline.adapters.recordings.intake.cells.numbers import decimal_of, plain_number
from pipeline.adapters.recordings.intake.fields import RowReader
from pipeline.adapters.recordings.intake.kinds import Stream
from pipeline.adapters.recordings.intake.written.faults import Fault, RowError
from pipeline.adapters.reference.folder import load_metrics, load_operators, load_places
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.records.units import WIRE_UNITS
from pipeline.reference.gazetteer import Place
from pipeline.reference.places import Places

SMALL = Places.from_rows([Place(area="DE", name="Germany", kind="nation", lat=51.0, lon=10.0)], [])


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["12,5", "7"], ","),
        (["1.234,5"], ","),
        (["1 234,50 %"], ","),
        (["0,125"], ","),
        (["12.5", "1,234.5"], "."),
        (["1,234", "5,678"], None),
        (["1.234"], None),
        (["12,5", "12.5"], None),
        ([], None),
    ],
)
def test_decimal_comma_is_told_from_the_numbers(texts: list[str], decimal: str | None) -> None:
    assert decimal_of(texts) == decimal


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("-12,5", ",", -12.5),
        ("1.234.567", ",", 1_234_567),
        ("1.234,5", ",", 1_234.5),
        ("1'234.5", ".", 1_234.5),
        ("1,234", ".", 1_234),
        ("1\u202f234", ".", 1_234),
        ("-85", None, -85),
        ("6.02e3", None, 6_020),
        (".5", None, 0.5),
    ],
)
def test_numbers_of_both_habits_are_read(text: str, decimal: str | None, number: float) -> None:
    assert float(plain_number("value", text, decimal)) == number


@pytest.mark.parametrize(
    ("text", "decimal", "fault"),
    [
        ("1,234", None, Fault.BAD_NUMBER),
        ("-", None, Fault.MISSING_FIELD),
        ("N/A", ".", Fault.MISSING_FIELD),
        ("fast", ".", Fault.BAD_NUMBER),
        ("1.2.3", ".", Fault.BAD_NUMBER),
        ("97 %", ".", Fault.BAD_NUMBER),
    ],
)
def test_what_is_no_number_or_two_is_refused_by_name(text: str, decimal: str | None, fault: Fault) -> None:
    with pytest.raises(RowError) as refusal:
        plain_number("value", text, decimal)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Kein Netz</p><p>seit 8&nbsp;Uhr</p>", "Kein Netz\nseit 8 Uhr"),
        ("Plus d&#39;internet &agrave; Gap", "Plus d'internet à Gap"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ('<a href="https://x.example/@op"><span>@</span>op</a> down', "@op down"),
        ("<style>p{}</style><script>if (a<b) {}</script>down", "down"),
        ('tot <img src="x.png" alt="😡">', "tot 😡"),
        ("<!-- a < b --><p>x</p>", "x"),
        ("<p>3 < 5 & 7 > 2</p>", "3 < 5 & 7 > 2"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ],
)
def test_html_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert is_markup(markup)
    assert text_of(markup) == text


@pytest.mark.parametrize("text", ["ping < 5 and > 3", "<o2> is down", "AT&T", "a & b", "if x<y then", "R&D; S&P"])
def test_plain_texts_are_left_alone(text: str) -> None:
    assert not is_markup(text)


@given(st.text(alphabet="<>&!-/?[]'\"apbr= ;#", max_size=200))
def test_html_of_any_kind_is_read(markup: str) -> None:
    assert "<p>" not in text_of(f"{markup}<p>x</p>") or "&lt;" in markup


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<p", "<a b='", "<![", "</", "&", "<script>", "<a b='>", "<!"])
def test_the_parser_meets_no_open_tag_in_which_its_time_is_quadratic(piece: str) -> None:
    hostile = closed("<p>" + piece * (SOURCE_CHARS_MAX // len(piece)))
    assert all(">" in tag and not tag.startswith("!") for tag in hostile.split("<")[1:])
    assert text_of(hostile[:2_000]) is not None


def reader_of(kind: str, **more: Any) -> RowReader:
    fields: dict[str, Any] = {"inputs": (Path("in.csv"),), "kind": kind} | more
    return RowReader(Stream(**fields))


@pytest.mark.parametrize(("decimal", "said"), [(",", "comma before decimals"), (".", "commas between thousands")])
def test_how_a_comma_in_a_number_was_read_is_told(decimal: str, said: str) -> None:
    reader = reader_of("telemetry", decimal=decimal, set={"operator": "o", "metric": "m", "unit": "count"})
    row = {"observed_at": "2024-07-06T11:00:00Z", "area": "DE"}
    for value in ("1,234", "7"):
        reader.read({**row, "value": value})
    assert [count for words, count in reader.told().items() if said in words] == [1]


def test_changes_of_texts_are_counted() -> None:
    reader = reader_of("mentions", set={"platform": "x"})
    for text in ("<p>a</p>", "b", "c" * 9_000, "d\0e"):
        reader.read({"posted_at": "2024-07-06T11:00:00Z", "text": text})
    assert sorted(reader.told().values()) == [1, 1, 1]


def test_a_long_text_is_cut_and_marked_and_its_row_is_used() -> None:
    reader = reader_of("tickets", set={"operator": "netcologne"})
    made = reader.read({"opened_at": "2024-07-06T11:00:00Z", "ticket_id": "T1", "text": "no signal " * 2_000})
    record = json.loads(made.value)
    assert (len(record["text"]), record["text_chars"]) == (8_000, 20_000)
    assert list(reader.told().values()) == [1]


def test_a_refused_row_is_not_counted_as_changed() -> None:
    reader = reader_of("mentions", set={"platform": "x"})
    with pytest.raises(RowError):
        reader.read({"posted_at": "never", "text": "<p>a</p>"})
    assert not reader.told()


@pytest.fixture(scope="module")
def known() -> KnownNames:
    return KnownNames(load_operators(), load_places())


def ticket(**fields: Any) -> Ticket:
    return Ticket(ticket_id="T1", opened_at="2024-07-06T11:00:00Z", **fields)


def reading(**fields: Any) -> Reading:
    usual: dict[str, Any] = {"operator": "netcologne", "area": "DE", "metric": "m", "value": 1.0, "unit": "ratio"}
    return Reading(observed_at="2024-07-06T11:00:00Z", **usual | fields)


@pytest.mark.parametrize(
    ("record", "fault", "says"),
    [
        (ticket(operator="netkologne"), Fault.UNKNOWN_OPERATOR, "nearest known: netcologne"),
        (ticket(operator="Netcologne"), Fault.UNKNOWN_OPERATOR, "nearest known: netcologne"),
        (ticket(operator="zzqq"), Fault.UNKNOWN_OPERATOR, r"add it in operators\.toml"),
        (ticket(operator="netcologne", market="XX"), Fault.UNKNOWN_MARKET, "must be one of"),
        (ticket(operator="netcologne", area="DE/NW/koln"), Fault.UNKNOWN_AREA, "nearest known: DE/NW"),
        (ticket(operator="netcologne", symptom="\x1b[2J"), Fault.SCHEMA_MISMATCH, "printable"),
        (
            Mention(post_id="p", platform="x", posted_at="2024-07-06T11:00:00Z", official=True),
            Fault.MISSING_FIELD,
            "must name its operator",
        ),
        (reading(operator="x"), Fault.UNKNOWN_OPERATOR, "is not known"),
    ],
)
def test_what_the_reference_does_not_know_is_refused_with_the_nearest(
    known: KnownNames, record: Any, fault: Fault, says: str
) -> None:
    with pytest.raises(RowError, match=says) as refusal:
        known(record)
    assert refusal.value.fault is fault


def test_values_and_units_that_a_metric_cannot_have_are_refused_as_ingest_would() -> None:
    known = KnownNames(load_operators(), load_places(), load_metrics())
    known(reading(metric="packet_loss_ratio", unit="percent", value=2.5))
    for unit, value, fault in (("percent", 250.0, Fault.OUT_OF_RANGE), ("ms", 1.0, Fault.UNKNOWN_UNIT)):
        with pytest.raises(RowError, match="packet_loss_ratio") as refusal:
            known(reading(metric="packet_loss_ratio", unit=unit, value=value))
        assert refusal.value.fault is fault


def test_metrics_and_symptoms_that_nobody_described_are_used_and_told_once() -> None:
    known = KnownNames(load_operators(), load_places(), load_metrics())
    for metric, unit in (("my_packet_loss", "ratio"), ("my_packet_loss", "ratio"), ("latency_ms", "ms")):
        known(reading(metric=metric, unit=unit))
    known(ticket(operator="netcologne", symptom="emergency-unreachable"))
    known(ticket(operator="netcologne", symptom="no_internet"))
    losses, symptoms = sorted(known.told().items(), key=lambda told: -told[1])
    assert losses[1] == 2
    assert "my_packet_loss" in losses[0]
    assert "worse when it rises" in losses[0]
    assert "nearest known: emergency_unreachable" in symptoms[0]


def test_what_the_reference_knows_passes(known: KnownNames) -> None:
    known(ticket(operator="netcologne", market="DE", area="DE/NW/koeln"))
    known(Mention(post_id="p", platform="x", posted_at="2024-07-06T11:00:00Z", text="no operator named"))


@pytest.mark.parametrize("unit", WIRE_UNITS)
def test_a_metric_that_nobody_described_may_come_in_any_unit(unit: str) -> None:
    known = KnownNames(load_operators(), SMALL, load_metrics())
    known(reading(metric="ping", unit=unit, value=0.5))
    [told] = known.told()
    assert f'"ping", which metrics.toml does not describe: taken by its name and unit ({unit})' in told
