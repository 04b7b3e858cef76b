"""`tocsin offsets show|skip-lost|lay-out`: where the stages stand, and how they go on after something irregular."""

import asyncio
import time
from typing import TYPE_CHECKING

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Bootstrap, Form, Sets, SettingsFile, loaded_for_kafka
from pipeline.adapters.cli.terminal import Format, Terminal

if TYPE_CHECKING:
    from pipeline.adapters.codecs.messages import Message
    from pipeline.adapters.kafka.offsets import Standing
    from pipeline.adapters.settings import Settings


def show(
    settings: SettingsFile = None, sets: Sets = None, bootstrap: Bootstrap = None, form: Form = Format.TABLE
) -> None:
    """Show where each stage stands in each partition, and what was lost; 1 if anything was."""
    found: Settings = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings
    terminal = Terminal(form)
    standings = asyncio.run(_standings(found))
    rows = [("stage", "topic/partition", "next", "log", "waiting", "lost")]
    for standing in standings:
        name, log = f"{standing.place.topic}/{standing.place.partition}", standing.log
        lost = "" if standing.gap is None else "{}-{}".format(*standing.gap)
        at = "-" if standing.offset is None else str(standing.offset)
        rows.append((standing.stage, name, at, f"{log.first}-{log.after}", str(standing.waiting), lost))
        terminal.data(
            {
                "stage": standing.stage,
                "topic": standing.place.topic,
                "partition": standing.place.partition,
                "offset": standing.offset,
                "first": log.first,
                "after": log.after,
                "waiting": standing.waiting,
                "lost": standing.gap,
            }
        )
    terminal.table(rows)
    if lost_words := [standing.lost_words() for standing in standings if standing.gap]:
        raise FindingError("\n".join([*lost_words, "`tocsin offsets skip-lost` goes on, and writes the gaps down"]))


def skip_lost(settings: SettingsFile = None, sets: Sets = None, bootstrap: Bootstrap = None) -> None:
    """Go on at the start of the log wherever records expired unread; each gap is a decision.

    Places that are in order stay as they are. Processes that run there are
    fenced and start again.
    """
    found: Settings = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings
    terminal = Terminal()
    lost = asyncio.run(_skip_lost(found))
    for standing in lost:
        terminal.text(f"{standing.stage}: {standing.lost_words()}; goes on at {standing.log.first}")
    terminal.text(f"{len(lost)} gaps are on decisions" if lost else "nothing was lost: all stages can go on")


def lay_out(settings: SettingsFile = None, sets: Sets = None, bootstrap: Bootstrap = None) -> None:
    """Lay the lanes out anew, after raw topics got more partitions or kafka.raw_topics changed.

    What was read goes on where it was, new partitions begin at the start of
    their logs. Start INGEST again afterwards; the other stages need not stop.
    """
    from pipeline.adapters.kafka.offsets import lay_out as lay_out_lanes

    found: Settings = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings
    done = asyncio.run(lay_out_lanes(found.ingest_options()))
    terminal = Terminal()
    if done is None:
        terminal.text("the lanes are as the topics are: nothing to do")
        return
    layout = done.layout
    terminal.text(f"layout {layout.number}: {layout.lanes} lanes; {len(done.kept)} partitions go on where they were")
    for tp in done.begun:
        terminal.text(f"  {tp.topic}/{tp.partition} is lane {layout.lane(tp)} of {layout.source(tp)}")


async def _standings(found: "Settings") -> "list[Standing]":
    from pipeline.adapters.kafka.offsets import agent_standings, ingest_standings
    from pipeline.flow import KEYED

    standings = await ingest_standings(found.ingest_options())
    for stage in KEYED:
        standings += await agent_standings(found.agent_options(stage), stage)
    return standings


async def _skip_lost(found: "Settings") -> "list[Standing]":
    from pipeline.adapters.kafka.offsets import skip_lost_by_agent, skip_lost_by_ingest
    from pipeline.flow import INGEST, KEYED

    lost = [standing for standing in await _standings(found) if standing.gap is not None]
    raw = {standing.place: _decision(standing, found) for standing in lost if standing.stage == INGEST.name}
    if raw:
        await skip_lost_by_ingest(found.ingest_options(), raw)
    for stage in KEYED:
        own = {s.place.partition: _decision(s, found) for s in lost if s.stage == stage.name}
        if own:
            await skip_lost_by_agent(found.agent_options(stage), stage, own)
    return lost


def _decision(standing: "Standing", found: "Settings") -> "Message":
    """The record for `decisions` that says what was lost."""
    from pipeline.adapters.codecs.outputs import message_of
    from pipeline.records.clocks import Instant
    from pipeline.records.ids import content_id
    from pipeline.records.published.decisions import Decision
    from pipeline.records.vocabulary import DecisionKind, DecisionReason

    assert standing.gap is not None, "nothing was lost"
    first, last = standing.gap
    topic, partition = standing.place
    at = Instant(time.time_ns() // 1_000_000)  # a person's act: its time is not in the log
    decision = Decision(
        decision_id=content_id(standing.stage, "gap", topic, partition, first, last),
        stage=standing.stage,  # type: ignore[arg-type]  # a stage's name
        kind=DecisionKind.RESET,
        subject=f"{topic}/{partition}",
        reason=DecisionReason.EXPIRED,
        text=standing.lost_words()[:200],
        at=at,
        details={
            "topic": topic,
            "partition": str(partition),
            "from": str(first),
            "to": str(last),
            "goes_on_at": str(standing.log.first),
        },
    )
    origin = f"{topic}/{found.epoch}/{partition}/{first}"
    return message_of(decision, standing.stage, origin, at, found.schema_base)
