"""Questions on a real Kafka: a word from a terminal reaches the incident, and the list of what waits follows.

Two texts may mean that nobody can call for help, and a post tells of work at night. What happens is of now, as the
orders are; so each step takes its forty seconds of lateness and pane.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.adapters.cli.live.orders import now_ms
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.local.broker import Broker
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from tests.ingest.world import Raw, post
from tests.kafka.harness import Flow, until
from tests.kafka.test_orders import Said

STAGES: Final[dict[str, dict[str, Any]]] = {"ingest": {"heartbeat_seconds": 0.5}, "detect": {}, "correlate": {}}
STEP_SECONDS: Final = 60.0

pytestmark = pytest.mark.timeout(1200)


async def _tell(flow: Flow, *records: Raw) -> None:
    producer = await flow.producer()
    for record in records:
        topic = flow.connection.topic(record.topic)
        await producer.send_and_wait(topic, record.value, partition=0, timestamp_ms=record.timestamp)


async def _notices(flow: Flow) -> list[Notice]:
    return [decoder(Notice).decode(record.value) for record in await flow.read("notices")]


async def _waiting(flow: Flow) -> dict[str, str]:
    """What `tocsin waiting` lists, the order by the id of the incident or work."""
    said = await Said(flow, "waiting", "--format", "json").run()
    assert said.code == 0, said.err
    rows: list[Mapping[str, str]] = [json.loads(line) for line in said.out.splitlines()]
    return {row["incident_id"]: row["order"] for row in rows}


async def _order(flow: Flow, *words: str) -> Said:
    return await Said(flow, *words, "--as", "ina", "--why", "asked the control room").run()


async def test_a_person_answers_questions_from_a_terminal_and_nothing_waits_that_was_answered(
    broker: Broker, tmp_path: Path
) -> None:
    flow = await Flow(broker.bootstrap, tmp_path, "tests.kafka.real_process").create()
    try:
        for stage, options in STAGES.items():
            flow.start(stage, **options)
        real, none, work = await _asked(flow)
        await _answered(flow, real, none, work)
    finally:
        await flow.stop()


async def _asked(flow: Flow) -> tuple[str, str, str]:
    """Make three questions; the ids by which each is answered."""
    now = now_ms()
    await _tell(
        flow,
        post(now, 1, text="112 perhaps down in Koeln"),
        post(now, 2, text="112 perhaps down in Muenchen", operator="alpha"),
        post(now, 3, text="In der Nacht arbeiten wir in Bonn am Netz.", official=True),
    )

    async def all_asked() -> bool:
        return len({notice.incident_id for notice in await _notices(flow)}) == 3

    await until(all_asked, STEP_SECONDS, lambda: f"three questions; {[p.said[-500:] for p in flow.processes]}", every=3)
    asked = {notice.operator if notice.kind == "question" else "work": notice for notice in await _notices(flow)}
    ids = tuple(asked[name].incident_id for name in ("netcologne", "alpha", "work"))
    listed = await _waiting(flow)
    assert listed == {
        ids[0]: f"confirm {ids[0][:6]}",
        ids[1]: f"confirm {ids[1][:6]}",
        ids[2]: "maintenance netcologne",
    }
    assert await flow.incidents() == {}, "a doubt opens no incident"
    return ids[0], ids[1], ids[2]


async def _answered(flow: Flow, real: str, none: str, work: str) -> None:
    begins = datetime.fromtimestamp(now_ms() / 1_000, UTC) + timedelta(hours=20)
    window = ("--from", begins.strftime("%Y-%m-%dT%H:00:00Z"), "--for", "4h", "--id", "chg-7")
    answers = await asyncio.gather(
        _order(flow, "confirm", real[:6]),
        _order(flow, "dismiss", none[:6]),
        _order(flow, "maintenance", "netcologne@DE/NW/bonn", "--market", "DE", *window),
    )
    assert [said.code for said in answers] == [0, 0, 0], [said.out + said.err for said in answers]
    incidents = await flow.incidents()
    assert set(incidents) == {real.encode()}, "who says yes has an incident of the question's id, who says no has none"
    latest = decoder(Incident).decode(incidents[real.encode()][-1])
    assert latest.state == "confirmed"
    assert latest.emergency is not None
    assert latest.emergency.affected
    listed = await _waiting(flow)
    announced = {notice.incident_id for notice in await _notices(flow) if notice.occasion == "work_ahead"}
    assert set(listed) == {real, *announced}
    assert {order.split()[0] for order in listed.values()} == {"approve"}, "drafts wait, and no question"
    latest_moves = {row.incident_id: (row.state, row.changed_by) for row in await _notices(flow)}
    assert (latest_moves[none], latest_moves[work][0]) == (("withdrawn", "ina"), "superseded")

    late, off = await asyncio.gather(_order(flow, "confirm", none), _order(flow, "dismiss", "chg-7", "--market", "DE"))
    assert (late.code, off.code) == (1, 0), late.out + late.err + off.out + off.err
    assert set(await _waiting(flow)) == {real}, "work that is called off waits for nobody"
