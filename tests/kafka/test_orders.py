"""Orders from a terminal: the right incident, into the log, and the answer that belongs to them."""

import asyncio
import json
import os
import sys
from typing import Any

import msgspec

from pipeline.adapters.codecs.outputs import message_of
from pipeline.adapters.codecs.wire import decoder
from pipeline.records.clocks import Instant
from pipeline.records.errors import Reason
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.vocabulary import DecisionKind, DecisionReason, NoticeKind
from tests.kafka.harness import ROOT, Flow, until

EXAMPLES = ROOT / "schemas/examples"
EXAMPLE = next((EXAMPLES / "incidents/accept").glob("*.json"))
IDS = ("aaaa1111aaaa1111aaaa", "aaaa2222aaaa2222aaaa", "bbbb1111bbbb1111bbbb")
ANSWERED_SECONDS = 30.0


async def with_incidents(flow: Flow) -> Flow:
    """Three incidents are known; two have ids that begin alike."""
    incident = decoder(Incident).decode(EXAMPLE.read_bytes())
    for name in IDS:
        await write(flow, msgspec.structs.replace(incident, incident_id=name))
    return flow


async def write(flow: Flow, record: Any) -> None:
    message = message_of(record, "correlate", "t", 0)
    producer = await flow.producer()
    await producer.send_and_wait(
        flow.connection.topic(message.topic), message.value, key=message.key, headers=list(message.headers)
    )


class Said:
    """A command of `tocsin`, as a person starts it."""

    def __init__(self, flow: Flow, *words: str) -> None:
        self._flow, self._words = flow, words
        self.code, self.out, self.err = -1, "", ""

    async def run(self) -> "Said":
        where = (
            "--bootstrap",
            self._flow.connection.bootstrap,
            "--set",
            f"kafka.prefix={self._flow.connection.prefix}",
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pipeline", *self._words, *where),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        self.code, self.out, self.err = process.returncode, out.decode(), err.decode()
        return self


async def sent(flow: Flow) -> list[Any]:
    return await flow.read("commands")


async def until_sent(flow: Flow) -> Any:
    async def there() -> bool:
        return bool(await sent(flow))

    await until(there, ANSWERED_SECONDS, "the order is in the log")
    return (await sent(flow))[0]


def decision(kind: DecisionKind, reason: DecisionReason, about: str, by: str) -> Decision:
    return Decision(
        decision_id="d" * 20,
        stage="correlate",
        kind=kind,
        subject=about,
        reason=reason,
        text="words of the rule",
        at=Instant(1_739_347_200_000),
        market="DE",
        incident_id=about,
        revision=7,
        by=by,
    )


async def test_the_beginning_of_an_id_is_enough_and_the_answer_is_told(flow: Flow) -> None:
    await with_incidents(flow)
    running = asyncio.create_task(Said(flow, "ack", "BBBB", "--as", "ina", "--why", "core network").run())
    record = await until_sent(flow)
    order = json.loads(record.value)
    assert (order["target"], order["kind"], order["by"], order["reason"]) == (
        IDS[2],
        "acknowledge",
        "ina",
        "core network",
    )
    assert record.key == IDS[2].encode()
    await write(flow, decision(DecisionKind.CHANGED, DecisionReason.COMMAND, IDS[0], "ina"))  # of another incident
    await write(flow, decision(DecisionKind.REFUSED, DecisionReason.COMMAND, IDS[2], "otto"))  # of another person
    ours = decision(DecisionKind.CHANGED, DecisionReason.COMMAND, IDS[2], "ina")
    await write(flow, msgspec.structs.replace(ours, details={"order": "another"}, text="of ina's other order"))
    await write(flow, msgspec.structs.replace(ours, details={"order": order["command_id"]}))
    said = await running
    assert (said.code, said.out) == (0, f"changed, command: words of the rule (revision 7 of {IDS[2]})\n"), said.err


async def test_an_id_that_nothing_or_several_begin_with_sends_nothing(flow: Flow) -> None:
    await with_incidents(flow)
    several, none = await asyncio.gather(Said(flow, "dismiss", "aaaa").run(), Said(flow, "dismiss", "cccc").run())
    assert (several.code, none.code) == (2, 2)
    assert "2 incidents have ids that begin so" in several.err
    assert all(name in several.err for name in IDS[:2])
    assert "cccc: no incident has an id that begins so" in none.err
    assert await sent(flow) == []


async def test_an_order_that_is_not_obeyed_is_a_finding_with_its_reason(flow: Flow) -> None:
    await with_incidents(flow)
    running = asyncio.create_task(Said(flow, "confirm", "bbbb", "--as", "ina").run())
    await until_sent(flow)
    await write(flow, decision(DecisionKind.SUPPRESSED, DecisionReason.UNKNOWN_TARGET, IDS[2], "ina"))
    said = await running
    assert said.code == 1
    assert "suppressed, unknown_target: words of the rule" in said.err


async def test_an_order_that_ingest_refuses_is_told_from_quarantine(flow: Flow) -> None:
    words = ("silence", "netcologne@DE/NW", "--market", "DE", "--for", "2h", "--why", "known", "--as", "ina")
    running = asyncio.create_task(Said(flow, *words).run())
    record = await until_sent(flow)
    assert json.loads(record.value)["target"] == "netcologne@DE/NW"
    refused = Quarantined(
        reason=Reason.BAD_TIME,
        stage="ingest",
        message="why it cannot be",
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=0,
        value=record.value,
    )
    await write(flow, msgspec.structs.replace(refused, offset=record.offset + 1))  # another record's
    await write(flow, refused)
    said = await running
    assert said.code == 1
    assert "refused, bad_time: why it cannot be" in said.err


async def test_planned_work_is_ordered_with_its_window_and_how_to_call_it_off_is_told(flow: Flow) -> None:
    window = ("--from", "2025-02-14T02:00:00Z", "--for", "4h", "--again", "FREQ=MONTHLY;BYDAY=1TU;COUNT=12")
    words = ("netcologne@DE/NW", "--market", "DE", *window, "--id", "chg-20417", "--why", "core routers", "--as", "ina")
    running = asyncio.create_task(Said(flow, "maintenance", *words).run())
    order = json.loads((await until_sent(flow)).value)
    assert (order["kind"], order["target"], order["command_id"]) == ("maintenance", "netcologne@DE/NW", "chg-20417")
    assert (order["starts_at"], order["until"]) == ("2025-02-14T02:00:00.000Z", "2025-02-14T06:00:00.000Z")
    assert order["recurrence"] == "FREQ=MONTHLY;BYDAY=1TU;COUNT=12"
    await write(flow, decision(DecisionKind.CHANGED, DecisionReason.COMMAND, "netcologne@DE/NW", "ina"))
    said = await running
    assert said.code == 0, said.err
    assert "tocsin dismiss chg-20417 --market DE" in said.out


async def test_no_answer_in_time_says_where_the_order_is(flow: Flow) -> None:
    await with_incidents(flow)
    late, unheard = await asyncio.gather(
        Said(flow, "approve", "bbbb", "--timeout", "0.5").run(), Said(flow, "approve", "bbbb", "--timeout", "0").run()
    )
    assert (late.code, unheard.code, unheard.out) == (70, 0, "sent\n")
    assert "the order is in the log" in late.err
    assert len(await sent(flow)) == 2


async def test_what_waits_for_a_person_is_listed_with_the_order_that_answers_it(flow: Flow) -> None:
    draft = decoder(Notice).decode((EXAMPLES / "notices/accept/acknowledgement.json").read_bytes())
    draft = msgspec.structs.replace(draft, state="draft", exercise=False, due_at=Instant(1_739_350_800_000))
    asked = msgspec.structs.replace(draft, notice_id="c" * 20, kind=NoticeKind.QUESTION, incident_id="d" * 20)
    done = msgspec.structs.replace(draft, notice_id="e" * 20)
    backup = decoder(Failover).decode(
        (EXAMPLES / "failovers/accept/proposal_that_one_of_two_approved.json").read_bytes()
    )
    for record in (draft, asked, msgspec.structs.replace(asked, notice_id="f" * 20, language="en"), done, backup):
        await write(flow, record)
    await write(flow, msgspec.structs.replace(done, state="approved", notice_revision=done.notice_revision + 1))
    over = msgspec.structs.replace(asked, notice_id="1" * 20, incident_id="2" * 20)
    said = msgspec.structs.replace(
        draft, notice_id="3" * 20, kind=NoticeKind.PLANNED_WORK, incident_id="4" * 20, occasion="work_said"
    )
    for record in (over, msgspec.structs.replace(over, state="withdrawn", notice_revision=2), said):
        await write(flow, record)
    everything, of_one = await asyncio.gather(
        Said(flow, "waiting", "--format", "json").run(), Said(flow, "waiting", "dddd").run()
    )
    assert everything.code == 0, everything.err
    rows = [json.loads(line) for line in everything.out.splitlines()]
    assert [(row["id"], row["order"]) for row in rows if not row["exercise"]] == [
        ("c" * 20, "confirm dddddd"),
        (said.notice_id, f"maintenance {said.operator}"),
        (draft.notice_id, f"approve {draft.notice_id[:6]}"),
        (backup.failover_id, f"approve {backup.failover_id[:6]}"),
    ]
    assert rows[1]["due_at"] == "2025-02-12T09:00:00.000Z"
    assert "confirm dddddd  2025-02-12 09:00" in of_one.out
    assert of_one.out.endswith("1 wait\n")
