"""How a process ends: 70 where a new start may help, 2 where it would meet the same, each with its word."""

import threading
from typing import NoReturn

import pytest
from aiokafka import errors

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.leaving import Word
from pipeline.records.errors import StateError


class Left(BaseException):
    """The process left."""


@pytest.fixture(autouse=True)
def _nobody_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(word: Word, detail: str, *, code: int = 70) -> NoReturn:
        raise Left(word, code, detail)

    monkeypatch.setattr(leaving, "leave", leave)
    monkeypatch.setattr(leaving, "_telling", threading.Lock())
    monkeypatch.setattr(leaving, "_what_is_missing", [])


def left_for(error: BaseException) -> tuple[Word, int, str]:
    with pytest.raises(Left) as left:
        leaving.leave_for(error, "detect: commit")
    word, code, detail = left.value.args
    return word, code, detail


@pytest.mark.parametrize(
    ("error", "word", "code"),
    [
        pytest.param(errors.TopicAuthorizationFailedError("signals"), Word.RIGHTS, 2, id="a_right_on_a_topic"),
        pytest.param(errors.GroupAuthorizationFailedError("g"), Word.RIGHTS, 2, id="a_right_on_a_group"),
        pytest.param(errors.TransactionalIdAuthorizationFailed("t"), Word.RIGHTS, 2, id="a_right_on_transactions"),
        pytest.param(errors.SaslAuthenticationFailed("no"), Word.LOGIN, 2, id="a_password_that_was_changed"),
        pytest.param(errors.OffsetOutOfRangeError({}), Word.OFFSET_OUTSIDE_LOG, 2, id="records_that_are_gone"),
        pytest.param(errors.MessageSizeTooLargeError("big"), Word.SETTINGS, 2, id="a_record_that_never_fits"),
        pytest.param(errors.InvalidSessionTimeoutError("6"), Word.SETTINGS, 2, id="a_session_that_kafka_forbids"),
        pytest.param(errors.UnsupportedCodecError("snappy"), Word.SETTINGS, 2, id="a_codec_that_is_not_installed"),
        pytest.param(errors.RecordTooLargeError({}), Word.SETTINGS, 2, id="a_record_that_no_fetch_takes"),
        pytest.param(errors.PolicyViolationError("no"), Word.SETTINGS, 2, id="what_the_cluster_forbids"),
        pytest.param(StateError("layout 2"), Word.STATE_BROKEN, 2, id="a_state_of_a_newer_program"),
        pytest.param(errors.ProducerFenced("x"), Word.FENCED, 70, id="fenced"),
        pytest.param(errors.KafkaConnectionError("x"), Word.CONNECTION, 70, id="a_broker_that_went_away"),
        pytest.param(errors.NotEnoughReplicasError("x"), Word.UNEXPECTED, 70, id="replicas_that_come_back"),
        pytest.param(TimeoutError(), Word.CONNECTION, 70, id="a_broker_that_hangs"),
        pytest.param(ZeroDivisionError("x"), Word.UNEXPECTED, 70, id="a_mistake_of_ours"),
    ],
)
def test_only_what_a_new_start_may_mend_asks_for_one(error: BaseException, word: Word, code: int) -> None:
    assert left_for(error)[:2] == (word, code)


def test_what_is_final_says_what_to_do() -> None:
    for error in (errors.MessageSizeTooLargeError("9 MB"), errors.TopicAuthorizationFailedError("x"), StateError("x")):
        assert left_for(error)[2].partition(f"{error}: ")[2], error


def test_the_missing_right_is_told_instead_of_kafkas_error(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "user tocsin-detect lacks WRITE on topic anomalies"
    leaving.explain_with(lambda: missing)
    assert left_for(errors.TopicAuthorizationFailedError("x")) == (Word.RIGHTS, 2, f"detect: commit: {missing}")
    monkeypatch.setattr(leaving, "_telling", threading.Lock())
    assert left_for(errors.InvalidTxnState()) == (Word.RIGHTS, 2, f"detect: commit: {missing}"), "its aftermath"


def test_an_error_of_kafka_with_all_rights_in_place_is_what_it_was() -> None:
    leaving.explain_with(str)
    assert left_for(errors.InvalidTxnState())[:2] == (Word.UNEXPECTED, 70)
