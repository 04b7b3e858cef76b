"""`tocsin recordings ...`: what a file holds, whether it is whole, what it is like, and one without people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, Quiet, RecordingFile, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.codecs.names import readable
from pipeline.adapters.recordings.keeping import KeepText
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.recordings.care.statistics import Statistics, Topic
    from pipeline.adapters.recordings.care.validating import Validation

_BARS: Final = " ▁▂▃▄▅▆▇█"
_QUIET_SHOWN: Final = 12
_NAMES_SHOWN: Final = 8


def info(recording: RecordingFile, form: Form = Format.TABLE) -> None:
    """Tell what a recording is, by its first line."""
    from pipeline.adapters.recordings.reader import open_recording

    terminal = Terminal(form)
    manifest = open_recording(recording).manifest
    terminal.data(manifest)
    terminal.table(
        [
            ("what", "value"),
            ("made by", manifest.tool),
            ("created", manifest.created),
            ("topics", ", ".join(f"{name} ({topic.partitions})" for name, topic in manifest.topics.items())),
            ("heartbeats", "recorded" if manifest.has_heartbeats else "added when it is replayed"),
            ("redaction", manifest.redaction or "none"),
        ]
    )


def verify(recording: RecordingFile, form: Form = Format.TABLE) -> None:
    """Read a recording to its end and check counts and checksums; 1 if it is damaged."""
    from pipeline.adapters.cli.narrate import local
    from pipeline.adapters.recordings.format import RecordingError
    from pipeline.adapters.recordings.reader import open_recording

    terminal = Terminal(form)
    try:
        contents = open_recording(recording).verify()
    except RecordingError as error:
        if recording.exists():
            raise FindingError(str(error)) from None
        raise
    first, last = contents.first_ms, contents.last_ms
    terminal.data({"records": contents.records, "heartbeats": contents.heartbeats, "first_ms": first, "last_ms": last})
    span = "" if first is None or last is None else f", {local(first, None)} to {local(last, None)}"
    terminal.text(f"whole: {contents.records:,} records in {contents.parts} file(s){span}")


def redact(  # noqa: PLR0913, PLR0917 - one for each option
    recording: RecordingFile,
    out: Annotated[Path, typer.Option("--out", "-o", help="The new recording, .jsonl.zst.", show_default=False)],
    keep_text: Annotated[
        KeepText, typer.Option(help="none drops people's words; masked keeps them without handles, links, numbers.")
    ] = KeepText.NONE,
    force: Annotated[bool, typer.Option("--force", help="Replace the new recording.")] = False,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Write a recording anew without people: authors, customers and ids hashed, their words dropped or masked.

    The key is the setting privacy.hash_key (TOCSIN__PRIVACY__HASH_KEY); the same
    key gives the same hashes, so that a replay still counts people and repeats.
    Operators, areas and channels of the reference stay, other codes (segment,
    symptom, team, target) are hashed, a postcode becomes its area. Headers and
    fields that Tocsin does not know are dropped. A replay without
    texts takes every ticket for a complaint and hears nothing in posts: keep
    them masked to replay it.
    """
    from pipeline.adapters.recordings.care.redacting import Redaction, redact_recording
    from pipeline.adapters.reference.codes import known_codes

    terminal = Terminal(form, quiet=quiet)
    loaded = loaded_from(settings, sets).settings
    if loaded.uses_development_key():
        raise ConfigError(
            "privacy.hash_key: everybody knows the development key, so its hashes hide nobody: "
            "set your own, such as TOCSIN__PRIVACY__HASH_KEY=$(openssl rand -hex 24)"
        )
    key = loaded.privacy.hash_key.get_secret_value().encode()
    redaction = Redaction(key=key, keep_text=keep_text, known=known_codes(loaded))
    if out.exists() and out.resolve() == recording.resolve():
        raise ConfigError(f"-o {out}: is the recording itself: choose another name")
    if out.exists() and not force:
        raise ConfigError(f"-o {out}: exists already; replace it with --force, or choose another name")
    out.parent.mkdir(parents=True, exist_ok=True)
    if force:
        out.unlink(missing_ok=True)
    with terminal.progress("redacting") as progress:
        done = redact_recording(recording, out, redaction, progress)
    replaced = {str(reason): count for reason, count in done.replaced.items()}
    terminal.data(
        {
            "recording": readable(str(out)),
            "records": done.written.records,
            "redaction": redaction.words(),
            "replaced": replaced,
            "left_out": done.left_out,
        }
    )
    terminal.text(f"{done.written.records:,} records: {out}\n  {redaction.words()}")
    for reason, count in replaced.items():
        terminal.text(f"  {count:,} could not be read ({reason}): stand-ins that are refused likewise")
    if done.left_out:
        terminal.text(f"  {done.left_out:,} of topics that are no raw topics were left out: they quote people")


def validate(recording: RecordingFile, form: Form = Format.TABLE, quiet: Quiet = False) -> None:
    """Check every record against its type, as INGEST does; 1 if any is refused.

    Operators, areas and lateness depend on reference and settings and are not
    judged here; `replay` does, and `stats` counts what is late.
    """
    from pipeline.adapters.recordings.care.validating import validate_recording

    terminal = Terminal(form, quiet=quiet)
    with terminal.progress("validating") as progress:
        found = validate_recording(recording, progress)
    terminal.data(_validation(found))
    other = f"; {found.other:,} of other topics were not judged" if found.other else ""
    terminal.text(f"{found.records:,} records, {found.refusals:,} refused{other}")
    for (topic, reason), kind in found.refused.items():
        terminal.text(f"  {topic} {reason}: {kind.count:,}")
        for example in kind.examples:
            terminal.text(f"    {topic}/{example.partition}/{example.offset}: {example.message[:200]}")
    if found.refusals:
        raise FindingError(f"{recording}: {found.refusals:,} of {found.records:,} records are refused")


def _validation(found: "Validation") -> dict[str, Any]:
    refused = [
        {
            "topic": topic,
            "reason": str(reason),
            "records": kind.count,
            "examples": [
                {"partition": example.partition, "offset": example.offset, "message": example.message}
                for example in kind.examples
            ],
        }
        for (topic, reason), kind in found.refused.items()
    ]
    return {"records": found.records, "other": found.other, "refused": refused}


def stats(
    recording: RecordingFile,
    form: Form = Format.TABLE,
    quiet: Quiet = False,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Count a recording: sizes, rates, delays, disorder, repeats, late records, and feeds that went quiet.

    What is late is decided by INGEST's rule and settings (ingest.lateness_ms).
    Percentiles are up to 5 % high; a repeat is seen among the last 100,000 ids.
    """
    from pipeline.adapters.recordings.care.statistics import measure_recording

    terminal = Terminal(form, quiet=quiet)
    config = loaded_from(settings, sets).settings.ingest_config()
    with terminal.progress("counting") as progress:
        found = measure_recording(recording, config, progress)
    terminal.data(_statistics(found))
    if not terminal.is_json:
        _tell_sizes(terminal, found)
        _tell_times(terminal, found)
        _tell_quiet(terminal, found)
        for title, names in (
            ("operators", found.operators),
            ("vendors", found.vendors),
            ("languages", found.languages),
        ):
            terminal.text(f"{title.ljust(10)} {_few(names.by_count())}")


def _tell_sizes(terminal: Terminal, found: "Statistics") -> None:
    from pipeline.adapters.cli.narrate import duration, local

    rows = [("topic", "partition", "records", "bytes", "a second", "first", "last")]
    for name, topic in found.topics.items():
        for number, partition in sorted(topic.partitions.items()):
            seconds = max((partition.last_ms - partition.first_ms) / 1_000, 1.0)
            times = (local(partition.first_ms, None), local(partition.last_ms, None))
            rows.append(
                (
                    name,
                    str(number),
                    f"{partition.records:,}",
                    f"{partition.bytes:,}",
                    f"{partition.records / seconds:.3g}",
                    *times,
                )
            )
    terminal.table(rows)
    terminal.text(f"\nrecords over time, {duration(found.step_ms / 1_000)} a bar")
    for name, topic in found.topics.items():
        terminal.text(f"{name.ljust(10)} {spark(topic.rate)} up to {max(topic.rate):,}")


def spark(counts: Sequence[int]) -> str:
    """Numbers as a line of bars.

    >>> spark([0, 1, 4, 8])
    ' ▁▄█'
    """
    top = max([*counts, 1])
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // top)] for count in counts)


def _tell_times(terminal: Terminal, found: "Statistics") -> None:
    columns = ("duplicates", "out of order", "late", "future", "stale", "refused")
    rows: list[tuple[str, ...]] = [("topic", "delay p50", "p90", "p99", "most", *columns)]
    for name, topic in found.topics.items():
        delays = [_ms(topic.delays.percentile(part)) for part in (0.5, 0.9, 0.99, 1.0)]
        known = delays if topic.delays.count else ["-"] * 4
        counts = (topic.duplicates, topic.disordered, topic.late, topic.future, topic.stale, topic.refused)
        rows.append((name, *known, *(f"{count:,}" for count in counts)))
    terminal.text()
    terminal.table(rows)


def _ms(length: int) -> str:
    from pipeline.adapters.cli.narrate import duration

    return f"{length / 1_000:.1f} s" if length < MINUTE_MS else duration(length / 1_000)


def _tell_quiet(terminal: Terminal, found: "Statistics") -> None:
    from pipeline.adapters.cli.narrate import duration, local

    stretches = found.quiet()
    terminal.text()
    if not stretches:
        terminal.text("no feed went quiet")
        return
    rows = [("quiet feed", "topic", "from", "for")]
    for topic, feed, start, length in stretches[:_QUIET_SHOWN]:
        rows.append((feed, topic, local(start, None), duration(length / 1_000)))
    terminal.table(rows)
    if len(stretches) > _QUIET_SHOWN:
        terminal.text(f"and {len(stretches) - _QUIET_SHOWN} more")
    terminal.text()


def _few(counts: Mapping[str, int]) -> str:
    shown = [f"{name} {count:,}" for name, count in list(counts.items())[:_NAMES_SHOWN]]
    more = len(counts) - len(shown)
    return ", ".join(shown or ["none"]) + (f" and {more} more" if more > 0 else "")


def _statistics(found: "Statistics") -> dict[str, Any]:
    return {
        "first_ms": found.first_ms,
        "last_ms": found.last_ms,
        "step_ms": found.step_ms,
        "topics": {name: _topic(topic) for name, topic in found.topics.items()},
        "quiet": [
            {"topic": topic, "feed": feed, "from_ms": start, "length_ms": length}
            for topic, feed, start, length in found.quiet()
        ],
        "operators": found.operators.by_count(),
        "vendors": found.vendors.by_count(),
        "languages": found.languages.by_count(),
    }


def _topic(topic: "Topic") -> dict[str, Any]:
    percentiles = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "most": 1.0}
    return {
        "records": topic.records,
        "bytes": topic.bytes,
        "heartbeats": topic.heartbeats,
        "partitions": {
            str(number): {"records": p.records, "bytes": p.bytes, "first_ms": p.first_ms, "last_ms": p.last_ms}
            for number, p in sorted(topic.partitions.items())
        },
        "rate": topic.rate,
        "delay_ms": {name: topic.delays.percentile(part) for name, part in percentiles.items()},
        "behind_ms": {name: topic.behind.percentile(part) for name, part in percentiles.items()},
        "ahead": topic.ahead,
        "disordered": topic.disordered,
        "duplicates": topic.duplicates,
        "late": topic.late,
        "future": topic.future,
        "stale": topic.stale,
        "refused": topic.refused,
    }
