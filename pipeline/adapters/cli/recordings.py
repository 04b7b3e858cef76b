"""`tocsin recordings info|verify`: what a file holds, and whether it is whole."""

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, RecordingFile
from pipeline.adapters.cli.terminal import Format, Terminal


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
