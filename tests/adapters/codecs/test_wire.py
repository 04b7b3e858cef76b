"""JSON with our newtypes: the same record, the same bytes; what is not ours is refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.records.clocks import INSTANT_MAX_MS, Instant
from pipeline.records.fixed_point import Exact


class Both(msgspec.Struct):
    at: Instant
    amount: Exact


BOTH = decoder(Both)


def read(at: str, amount: str) -> Both:
    return BOTH.decode(b'{"at": %s, "amount": %s}' % (at.encode(), amount.encode()))


@given(at=st.integers(0, INSTANT_MAX_MS), amount=st.integers(-(10**78), 10**78))
def test_what_was_written_is_read_again_to_the_millisecond_and_to_the_unit(at: int, amount: int) -> None:
    record = Both(Instant(at), Exact(amount))
    again = BOTH.decode(encode(record))
    assert again == record
    assert type(again.at) is Instant
    assert type(again.amount) is Exact


def test_a_number_that_no_reader_of_json_holds_exactly_is_a_text() -> None:
    assert encode(Exact(-(2**80))) == b'"-1208925819614629174706176"'
    assert encode(Instant(0)) == b'"1970-01-01T00:00:00.000Z"'


@given(names=st.permutations(["b", "a", "ä", "10", "9"]))
def test_keys_are_sorted_whatever_the_order_of_making(names: list[str]) -> None:
    assert encode(dict.fromkeys(names, 1)) == '{"10":1,"9":1,"a":1,"b":1,"ä":1}'.encode()


def test_fields_are_sorted_by_name_too() -> None:
    assert encode(Both(Instant(1), Exact(2))) == b'{"amount":"2","at":"1970-01-01T00:00:00.001Z"}'


@pytest.mark.parametrize(
    ("at", "amount"),
    [
        pytest.param("0", '"1"', id="a_time_as_a_number"),
        pytest.param('"yesterday"', '"1"', id="a_word"),
        pytest.param('"9999-12-31T23:59:59Z"', '"1"', id="a_year_that_nothing_lies_in"),
        pytest.param('"2025-02-30T00:00:00Z"', '"1"', id="no_day_of_the_calendar"),
        pytest.param("null", '"1"', id="no_time"),
        pytest.param('"2025-02-12T08:00:00Z"', "1", id="an_amount_as_a_number"),
        pytest.param('"2025-02-12T08:00:00Z"', '"1.5"', id="a_fraction"),
        pytest.param('"2025-02-12T08:00:00Z"', '"1_000"', id="what_python_reads_and_others_do_not"),
        pytest.param('"2025-02-12T08:00:00Z"', '" 1"', id="a_space"),
        pytest.param('"2025-02-12T08:00:00Z"', '"--1"', id="two_signs"),
        pytest.param('"2025-02-12T08:00:00Z"', '"-"', id="a_sign_alone"),
        pytest.param('"2025-02-12T08:00:00Z"', '"²"', id="a_raised_two"),
        pytest.param('"2025-02-12T08:00:00Z"', '"' + "9" * 81 + '"', id="longer_than_any_sum"),
    ],
)
def test_what_is_not_ours_is_refused_as_a_mistake_of_its_schema(at: str, amount: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(at, amount)


def test_a_type_without_a_form_is_our_fault() -> None:
    with pytest.raises(NotImplementedError, match="complex"):
        encode(1j)
