"""An order of a person on its way: which incident it means, into `commands`, and the answer out of `decisions`.

An order takes the same road as the data and is answered when the pane that holds
it is sealed, under a minute later. INGEST may refuse it instead, so `quarantine` is
listened to as well, by the order's place in the log. Both are listened to from where
they ended before the order was sent: no answer can be missed.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Set
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.entering import NoKafkaError
from pipeline.adapters.kafka.rights.needed import Operation
from pipeline.adapters.kafka.tape.record import STALL_SECONDS_MAX, partition_counts
from pipeline.flow import COMMANDS, DECISIONS, FAILOVERS, FOLLOWUPS, INCIDENTS, NOTICES, QUARANTINE
from pipeline.kinds import Topic
from pipeline.records.errors import ConfigError
from pipeline.records.published.decisions import BY_CHARS_MAX, ORDER, Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import WORK_SAID, Notice
from pipeline.records.published.quarantine import read_errors
from pipeline.records.raw.commands import Command
from pipeline.records.raw.record import RawRecord
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import NoticeKind

_POLL_MS: Final = 200
_LAST_OFFSETS: Final = 4
"""The last record of a partition is among so many offsets, marks of transactions beside it."""

_ID: Final = re.compile("[0-9a-f]{20}")
"""An incident's id; another target is an operator, and the decision names the incident that it meant."""

_INCIDENTS: Final = decoder(Incident)
_DECISIONS: Final = decoder(Decision)
_NOTICES: Final = decoder(Notice)
_FAILOVERS: Final = decoder(Failover)
_FOLLOWUPS: Final = decoder(Followup)
_Row = TypeVar("_Row")
_UNREADABLE: Final = (ValueError, LookupError, RecursionError)


class Refusal(msgspec.Struct, frozen=True):
    """INGEST could not use the order.

    Attributes:
        reason: Reason of the closed list.
        message: Why, in words.
    """

    reason: str
    message: str


Answer = Decision | Refusal


async def latest_incidents(connection: Connection) -> list[Incident]:
    """The present state of every incident that the topic still holds, the youngest last.

    Raises:
        ConfigError: If there is no such topic, Kafka does not let us in, or the user may not read it.
        NoKafkaError: If no broker answers.
    """
    found = await _latest(connection, INCIDENTS, _INCIDENTS.decode, lambda row: (row.incident_id, row.revision))
    return sorted(found, key=lambda incident: (incident.opened_at, incident.incident_id))


async def latest_notices(connection: Connection) -> list[Notice]:
    """The present state of every notice that the topic still holds, the youngest last.

    Raises:
        ConfigError: If there is no such topic, Kafka does not let us in, or the user may not read it.
        NoKafkaError: If no broker answers.
    """
    found = await _latest(connection, NOTICES, _NOTICES.decode, lambda row: (row.notice_id, row.notice_revision))
    return sorted(found, key=lambda notice: (notice.drafted_at, notice.notice_id))


class Waiting(NamedTuple):
    """Something that waits, or waited, for a person: a draft, a question, a backup, a thing to do.

    Attributes:
        id: Names it.
        market: Country of its incident.
        words: What it is, for who must tell it from others.
        title: What it is for, and its headline.
        text: All its words, of a draft.
        approver: Team or person that may decide, or must do it; empty where nobody is named.
        incident_id: Its incident; that of a question is yet to come.
        operator: Whose customers it is about; empty where nobody is named.
        is_open: True while nobody has decided, and time has not.
        is_question: True if it is answered with `confirm` or `dismiss`.
        is_urgent: True if somebody may not be able to call for help.
        due_at: Until when, ms; None for no time.
        exercise: True for a part of an exercise.
        order: The order that answers it, if it is neither `approve` nor `confirm`.
    """

    id: str
    market: str
    words: str
    title: str = ""
    text: str = ""
    approver: str = ""
    incident_id: str = ""
    operator: str = ""
    is_open: bool = True
    is_question: bool = False
    is_urgent: bool = False
    due_at: int | None = None
    exercise: bool = False
    order: str = ""


async def latest_waiting(connection: Connection) -> list[Waiting]:
    """The present state of all that waits or waited for a person, as far as the topics still hold it.

    Raises:
        ConfigError: If there is no such topic, Kafka does not let us in, or the user may not read it.
        NoKafkaError: If no broker answers.
    """
    notices = await latest_notices(connection)
    backups = await _latest(connection, FAILOVERS, _FAILOVERS.decode, lambda row: (row.failover_id, row.revision))
    duties = await _latest(connection, FOLLOWUPS, _FOLLOWUPS.decode, lambda row: (row.followup_id, row.revision))
    return [
        *(notice_waits(notice) for notice in notices),
        *(_backup_waits(backup) for backup in backups),
        *(_duty_waits(duty) for duty in duties),
    ]


def work_meant(prefix: str, incidents: Set[str], waiting: Iterable[Waiting]) -> tuple[str, str] | None:
    """The one planned work whose id begins so, and its market; None if an incident's does, or of several works.

    Args:
        prefix: An id, or how it begins, in small letters.
        incidents: Ids of all that are known.
        waiting: What waits for a person; what is of no incident, and asks nothing, is of planned work.
    """
    of_none = (row for row in waiting if row.incident_id and row.incident_id not in incidents and not row.is_question)
    works = {(row.incident_id, row.market) for row in of_none if row.incident_id.startswith(prefix)}
    is_incident = any(name.startswith(prefix) for name in incidents)
    return works.pop() if len(works) == 1 and not is_incident else None


def notice_waits(notice: Notice) -> Waiting:
    """A notice as something that waits for a person.

    Args:
        notice: As it is now.
    """
    asks = notice.kind == NoticeKind.QUESTION
    place = f"{notice.audience}, {notice.outlet}, {notice.language}"
    return Waiting(
        id=notice.notice_id,
        market=notice.market,
        words=f"{notice.state} {notice.audience} {notice.outlet} {notice.language}",
        title=f"{notice.kind} to {place}: {notice.subject or notice.body}",
        text=notice.body,
        approver=notice.approver or "",
        incident_id=notice.incident_id,
        operator=notice.operator,
        is_open=notice.state == "draft",
        is_question=asks,
        is_urgent=asks or notice.priority == "emergency",
        due_at=notice.due_at,
        exercise=notice.exercise,
        order=f"maintenance {notice.operator}" if notice.occasion == WORK_SAID else "",
    )


def _backup_waits(backup: Failover) -> Waiting:
    return Waiting(
        id=backup.failover_id,
        market=backup.market,
        words=f"{backup.phase} {backup.target}",
        title=f"{backup.kind}: {backup.target}",
        incident_id=backup.incident_id,
        operator=backup.operator,
        is_open=backup.phase == "proposed",
        exercise=backup.exercise,
    )


def _duty_waits(duty: Followup) -> Waiting:
    return Waiting(
        id=duty.followup_id,
        market=duty.market,
        words=f"{duty.state} {duty.kind} {duty.owner}",
        title=str(duty.kind),
        approver=duty.owner or "",
        incident_id=duty.incident_id,
        operator=duty.operator,
        is_open=duty.state == "open",
        due_at=duty.due_at,
        exercise=duty.exercise,
    )


async def _latest(
    connection: Connection, topic: Topic, read: Callable[[bytes], _Row], named: Callable[[_Row], tuple[str, int]]
) -> list[_Row]:
    """The latest revision of everything that a topic holds now; what cannot be read is left out.

    Args:
        connection: To the brokers.
        topic: One of those that are published.
        read: Decodes one.
        named: Its id, and its revision.
    """
    found: dict[str, tuple[int, _Row]] = {}
    async for value in _values(connection, topic.noun):
        with contextlib.suppress(*_UNREADABLE):
            row = read(value)
            name, revision = named(row)
            if name not in found or found[name][0] < revision:
                found[name] = (revision, row)
    return [row for _, row in found.values()]


async def _values(connection: Connection, noun: str) -> AsyncIterator[bytes]:
    """All values that a topic holds now, partition by partition as they come."""
    async with _reader(connection, noun) as (reader, ends):
        for tp, first in (await reader.beginning_offsets(list(ends))).items():
            reader.seek(tp, first)
        async for record in _to_their_ends(reader, ends):
            yield record.value or b""


async def _to_their_ends(reader: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> AsyncIterator[Any]:
    """The records of some partitions from where the reader stands to their ends, partition by partition as they come.

    Raises:
        NoKafkaError: If the broker sends nothing for half a minute.
    """
    quiet_seconds = 0.0
    while [tp for tp, end in ends.items() if await reader.position(tp) < end]:
        fetched = await reader.getmany(timeout_ms=_POLL_MS)
        quiet_seconds = 0.0 if fetched else quiet_seconds + _POLL_MS / 1000
        if quiet_seconds > STALL_SECONDS_MAX:
            topics = ", ".join(sorted({tp.topic for tp in ends}))
            raise NoKafkaError(f"the broker has sent nothing of {topics} for {STALL_SECONDS_MAX:.0f} s: does it live?")
        for records in fetched.values():
            for record in records:
                yield record


async def time_of_log(connection: Connection) -> int | None:
    """Kafka timestamp of the newest record of `commands`, in ms; None if it holds none.

    INGEST writes heartbeats there, so this is the present - or the time of a recording that is played.

    Raises:
        ConfigError: If there is no such topic, Kafka does not let us in, or the user may not read it.
        NoKafkaError: If no broker answers.
    """
    newest: int | None = None
    async with _reader(connection, COMMANDS.noun) as (reader, ends):
        begins = await reader.beginning_offsets(list(ends))
        for tp, end in ends.items():
            reader.seek(tp, max(begins[tp], end - _LAST_OFFSETS))
        async for record in _to_their_ends(reader, ends):
            newest = record.timestamp if newest is None else max(newest, record.timestamp)
    return newest


async def give(
    connection: Connection, command: Command, seconds: float, timestamp_ms: int | None = None
) -> Answer | None:
    """Send an order and wait for what becomes of it.

    Args:
        connection: To the brokers.
        command: The order; its target is an incident's id, an operator, or `operator@area`.
        seconds: How long to wait at most, 0 or more; 0 does not wait.
        timestamp_ms: Kafka timestamp of the order; None = now. A topic that keeps the time of arrival has its own.

    Returns:
        The decision, or the refusal of INGEST; None if there was none in time: the order stays in the log.

    Raises:
        ConfigError: If a topic does not exist, Kafka does not let us in, or the user lacks a right.
        NoKafkaError: If no broker answers.
        KafkaError: If Kafka does not take the order.
    """
    (topic, *_) = connection.raw_topics()[COMMANDS.noun]
    await _require(connection, [topic], Operation.WRITE)
    async with _reader(connection, DECISIONS.noun, QUARANTINE.noun) as (reader, ends):
        for tp, end in ends.items():
            reader.seek(tp, end)
        place = await _send(connection, topic, command, timestamp_ms)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await _await_answer(reader, command, place)
    return None


async def _send(connection: Connection, topic: str, command: Command, timestamp_ms: int | None) -> Mapping[str, str]:
    """Write the order; its place, in the words of a dead letter."""
    producer = AIOKafkaProducer(**connection.client(), enable_idempotence=True, acks="all")
    await producer.start()
    try:
        value, key = encode(command), command.target.encode()
        sent = await producer.send_and_wait(topic, value, key=key, timestamp_ms=timestamp_ms)
    finally:
        await producer.stop()
    return {"topic": sent.topic, "partition": str(sent.partition), "offset": str(sent.offset)}


async def _await_answer(reader: AIOKafkaConsumer, command: Command, place: Mapping[str, str]) -> Answer:
    while True:
        for records in (await reader.getmany(timeout_ms=_POLL_MS)).values():
            for record in records:
                if (answer := _answer_in(record, command, place)) is not None:
                    return answer


def _answer_in(record: RawRecord, command: Command, place: Mapping[str, str]) -> Answer | None:
    errors = read_errors(record.headers)
    if errors:
        return Refusal(errors["reason"], errors["exception.message"]) if place.items() <= errors.items() else None
    with contextlib.suppress(*_UNREADABLE):
        decision = _DECISIONS.decode(record.value or b"")
        if (order := decision.details.get(ORDER)) is not None:
            return decision if order == command.command_id else None
        is_about_it = command.target in (decision.subject, decision.incident_id) or not _ID.fullmatch(command.target)
        if decision.by == clipped(command.by, BY_CHARS_MAX) and is_about_it:
            return decision
    return None


@contextlib.asynccontextmanager
async def _reader(connection: Connection, *nouns: str) -> AsyncIterator[tuple[Any, dict[TopicPartition, int]]]:
    """A reader of committed records of topics, without a group, and where each partition ends now."""
    raw = connection.raw_topics()
    topics = [name for noun in nouns for name in raw.get(noun, (connection.topic(noun),))]
    counts = await _require(connection, topics, Operation.READ)
    reader = AIOKafkaConsumer(
        **connection.client(), group_id=None, enable_auto_commit=False, isolation_level="read_committed"
    )
    await reader.start()
    try:
        tps = [TopicPartition(topic, number) for topic, count in counts.items() for number in range(count)]
        reader.assign(tps)
        yield reader, await reader.end_offsets(tps)
    finally:
        await reader.stop()


async def _require(connection: Connection, topics: list[str], operation: Operation) -> dict[str, int]:
    counts = await partition_counts(connection, topics, operation)
    if missing := [topic for topic, count in counts.items() if count is None]:
        raise ConfigError(
            "\n".join(f"topic {topic} does not exist: `tocsin topics create` makes it" for topic in missing)
        )
    return {topic: count for topic, count in counts.items() if count is not None}
