"""Commands that speak to Kafka and end by themselves: topics, record, play, follow."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import (
    Bootstrap,
    Form,
    Quiet,
    RecordingFile,
    Sets,
    SettingsFile,
    loaded_for_kafka,
    loaded_from,
    moment,
    now_text,
)
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

Playback = Annotated[bool, typer.Option("--playback", help="For a recording that is played: old timestamps stay.")]
Cluster = Annotated[str, typer.Option(help="Name of Strimzi's Kafka.")]
Prefix = Annotated[str | None, typer.Option("--topic-prefix", help="Before each topic's noun.")]


def topics_create(
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    playback: Playback = False,
    replication: Annotated[int | None, typer.Option(min=1, help="Copies of each; kafka.replication.")] = None,
) -> None:
    """Make the topics that are missing; the others stay as they are."""
    from pipeline.adapters.kafka.topics import create_topics

    found = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap, kafka__replication=replication).settings
    copies = found.kafka.replication
    made = asyncio.run(create_topics(found.connection(), found.partitions, replication=copies, playback=playback))
    Terminal().text(f"made: {', '.join(made)}" if made else "all topics were there")


def topics_check(settings: SettingsFile = None, sets: Sets = None, bootstrap: Bootstrap = None) -> None:
    """Check topics, their partitions and their settings; 1 if something is wrong.

    What may be meant so is a remark, and does not change the exit code.
    """
    from pipeline.adapters.kafka.rights.entering import TurnedAwayError
    from pipeline.adapters.kafka.topic_settings import objections
    from pipeline.adapters.kafka.topics import plan_of, verify_plans

    found = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings
    connection = found.connection()
    plans = plan_of(connection, found.partitions)
    terminal = Terminal()
    wrong: list[str] = []
    try:
        asyncio.run(verify_plans(connection, plans))
    except TurnedAwayError:
        raise
    except ConfigError as error:
        wrong = str(error).splitlines()
    for objection in asyncio.run(objections(connection, plans)):
        if objection.is_wrong:
            wrong.append(objection.words)
        else:
            terminal.say(f"remark: {objection.words}")
    if wrong:
        raise FindingError("\n".join(wrong))
    terminal.text(f"{len(plans)} topics are as they must be")


def topics_list(form: Form = Format.TABLE) -> None:
    """Tell what each topic holds, who writes and who reads it; needs no Kafka."""
    from pipeline.flow import FLOW, TOPICS

    terminal = Terminal(form)
    rows = [("topic", "use", "key", "kept", "written by", "read by", "holds")]
    for topic in TOPICS:
        writers: list[str] = [stage.name for stage in FLOW if topic in stage.to] or ["others"]
        readers: list[str] = [stage.name for stage in FLOW if topic in stage.reads] or ["others"]
        days = "for ever" if topic.retention_days is None else f"{topic.retention_days} days"
        kept = f"last of each key, {days}" if topic.is_compacted else days
        rows.append((topic.noun, topic.use, topic.key, kept, ", ".join(writers), ", ".join(readers), topic.holds))
        terminal.data(
            {
                "topic": topic.noun,
                "use": topic.use,
                "key": topic.key,
                "schema": topic.schema,
                "order": topic.order,
                "retention_days": topic.retention_days,
                "compacted": topic.is_compacted,
                "partitions": f"partitions.{topic.partitions}",
                "written_by": writers,
                "read_by": readers,
                "holds": topic.holds,
            }
        )
    terminal.table(rows)


def topics_strimzi(
    settings: SettingsFile = None,
    sets: Sets = None,
    cluster: Cluster = "kafka",
    playback: Playback = False,
    replication: Annotated[int | None, typer.Option(min=1, help="Copies of each; kafka.replication.")] = None,
) -> None:
    """Print the topics that these settings need as resources of Strimzi; needs no Kafka."""
    from pipeline.adapters.kafka.options import Connection
    from pipeline.adapters.kafka.strimzi import kafka_topics
    from pipeline.adapters.kafka.topics import plan_of

    found = loaded_from(settings, sets, kafka__replication=replication).settings
    kafka = found.kafka  # passwords and certificates may lie on another machine: nobody logs in here
    connection = Connection(bootstrap=kafka.bootstrap, prefix=kafka.prefix, raw=kafka.raw_topics)
    plans = plan_of(connection, found.partitions, playback=playback)
    Terminal().text("\n".join(kafka_topics(plans, connection, cluster, found.kafka.replication)))


class AclForm(StrEnum):
    """How rights are written down."""

    KAFKA_ACLS = "kafka-acls"
    STRIMZI = "strimzi"


def topics_acl(
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Annotated[AclForm, typer.Option("--form", help="Commands of Kafka, or users of Strimzi.")] = (
        AclForm.KAFKA_ACLS
    ),
    user: Annotated[
        str | None, typer.Option(help="Name of the Kafka user; {stage} stands for who it is.", show_default=False)
    ] = None,
    cluster: Cluster = "kafka",
) -> None:
    """Print the rights that each stage needs in Kafka under these settings; changes nothing.

    One user a stage has the least rights; with --user tocsin they share one.
    `follow` and `topics` are for `tocsin follow` and `tocsin topics create`.
    """
    from pipeline.adapters.kafka.rights.listing import all_rights, by_user, kafka_acls
    from pipeline.adapters.kafka.strimzi import kafka_users

    found = loaded_from(settings, sets, kafka__bootstrap=bootstrap).settings
    prefix = found.kafka.prefix
    needed = all_rights(prefix, found.epoch, sends_heartbeats=found.ingest.heartbeats, raw=found.kafka.raw_topics)
    rights = by_user(needed, user, prefix)
    lines = kafka_users(rights, cluster) if form is AclForm.STRIMZI else kafka_acls(rights, found.kafka.bootstrap)
    Terminal().text("\n".join(lines))


def record(  # noqa: PLR0913, PLR0917 - one for each option
    out: Annotated[Path, typer.Option("--out", "-o", help="The recording, .jsonl.zst.", show_default=False)],
    topics: Annotated[list[str] | None, typer.Option("--topic", help="A noun; the raw topics by default.")] = None,
    prefix: Prefix = None,
    since: Annotated[str | None, typer.Option(help="First Kafka timestamp.")] = None,
    until: Annotated[str | None, typer.Option(help="Kafka timestamp before which to end.")] = None,
    part_mb: Annotated[int | None, typer.Option(min=1, help="Split after so many MB before compression.")] = None,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Record topics up to their present ends, without a trace in Kafka."""
    from pipeline.adapters.kafka.tape.record import RecordOptions
    from pipeline.adapters.kafka.tape.record import record as record_topics
    from pipeline.records.clocks import SOURCES

    connection = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings.connection()
    options = RecordOptions(
        bootstrap=connection.bootstrap,
        out=out,
        created=now_text(),
        topics=tuple(topics) if topics else SOURCES,
        prefix=connection.prefix if prefix is None else prefix,
        raw=connection.raw if prefix is None else {},
        since_ms=None if since is None else moment(since, "--since"),
        until_ms=None if until is None else moment(until, "--until"),
        part_bytes=None if part_mb is None else part_mb * 1_000_000,
        security=connection.security,
        login=connection.login,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    terminal = Terminal(form, quiet=quiet)
    with terminal.progress("recording") as progress:
        written = asyncio.run(record_topics(options, progress))
    terminal.data({"recording": [str(path) for path in written.paths], "records": written.records})
    terminal.text(f"{written.records:,} records: {written.paths[0]}")


def play(  # noqa: PLR0913, PLR0917 - one for each option
    recording: RecordingFile,
    speed: Annotated[str, typer.Option(help="Event time per time: 1, 60, or max.")] = "1",
    prefix: Annotated[str, typer.Option("--topic-prefix", help="Before telemetry, tickets, mentions, commands.")] = (
        "replay."
    ),
    force: Annotated[bool, typer.Option("--force", help="Also into topics that hold records.")] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Progress as lines, not as a bar.")] = False,
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
) -> None:
    """Play a recording into raw topics of its own, with heartbeats."""
    from pipeline.adapters.kafka.tape.play import PlayOptions
    from pipeline.adapters.kafka.tape.play import play as play_recording
    from pipeline.adapters.recordings.pacing import parse_speed

    found = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings
    connection = found.connection()
    options = PlayOptions(
        bootstrap=connection.bootstrap,
        prefix=prefix,
        speed=parse_speed(speed),
        force=force,
        security=connection.security,
        login=connection.login,
    )
    terminal = Terminal(form, quiet=quiet, lines=lines and not quiet)
    with terminal.progress("playing") as progress:
        played = asyncio.run(play_recording(recording, options, progress))
    terminal.data({"topics": list(played.topics), "records": played.records, "heartbeats": played.heartbeats})
    terminal.text(
        f"{played.records:,} records, {played.heartbeats:,} of them heartbeats, to {', '.join(played.topics)}"
    )


def follow(
    settings: SettingsFile = None,
    sets: Sets = None,
    bootstrap: Bootstrap = None,
    new: Annotated[bool, typer.Option("--new", help="Only what arrives from now on.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Tell incidents and questions from Kafka as they arrive, until Ctrl-C, and beside them what is refused.

    Committed records only, and no consumer group: the cluster does not notice.
    Refusals go to standard error, the 1st, 10th, 100th ... of each topic and
    reason; without --new those among the newest of quarantine are told first.
    """
    from pipeline.adapters.cli.narrate import Narrator
    from pipeline.adapters.cli.refused import REFUSED_NEWEST, QuarantineTeller
    from pipeline.adapters.codecs.wire import decoder
    from pipeline.adapters.kafka.tape.follow import Followed
    from pipeline.adapters.kafka.tape.follow import follow as follow_topics
    from pipeline.flow import INCIDENTS, NOTICES, QUARANTINE
    from pipeline.records.published.incidents import Incident
    from pipeline.records.published.notices import Notice

    connection = loaded_for_kafka(settings, sets, kafka__bootstrap=bootstrap).settings.connection()
    terminal = Terminal(form)
    narrator = Narrator(terminal)

    def telling(what: str, tell: Callable[[bytes], None]) -> Callable[[Any], None]:
        def hear(record: Any) -> None:
            if not record.value:
                return
            try:
                tell(record.value)
            except (ValueError, LookupError, RecursionError) as error:  # msgspec's, and of an unknown time zone
                place = f"{record.topic}/{record.partition}/{record.offset}"
                terminal.say(f"{place}: no {what} of ours, passed over: {str(error)[:200]}")

        return hear

    incidents, notices = decoder(Incident), decoder(Notice)
    refused = QuarantineTeller(terminal)
    topics = (
        Followed(INCIDENTS.noun, telling("incident", lambda value: narrator.hear(incidents.decode(value)))),
        Followed(NOTICES.noun, telling("notice", lambda value: narrator.hear_notice(notices.decode(value)))),
        Followed(QUARANTINE.noun, refused.hear, newest=REFUSED_NEWEST),
    )
    asyncio.run(follow_topics(connection, topics, from_start=not new))
    refused.tell()
