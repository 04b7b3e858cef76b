"""`tocsin replay`: a recording through all stages, without Kafka, into a folder of results.

The clock is the recording's. A speed only makes the reader wait: no rule can
tell, so the files are the same at any speed.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.names import readable
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.adapters.compose import compose
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import Lull, timed
from pipeline.adapters.recordings.progress import OnProgress, Progress, ignore
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.curves import SeriesFile
from pipeline.adapters.runs.folder import RunFolder, truth_beside
from pipeline.adapters.runs.locking import locked
from pipeline.adapters.settings import Loaded, values_of
from pipeline.adapters.stages.collector import collecting_seldom
from pipeline.adapters.stages.memory import BATCH_MS, BATCH_RECORDS, MemoryFlow, OnFeeds
from pipeline.adapters.stages.shell import Stages
from pipeline.flow import INCIDENTS, NOTICES
from pipeline.records.clocks import Instant
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.raw.feeds import FeedCounts
from pipeline.views.run import FeedLine

PACED_RECORDS: Final = 200
PACED_MS: Final = 120_000
"""Cut of a batch when paced, by records and by time."""

_UNKNOWN: Final = -(2**62)
OnIncident = Callable[[Incident], None]
OnNotice = Callable[[Notice], None]

_INCIDENTS: Final = decoder(Incident)
_NOTICES: Final = decoder(Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """What to replay, and how.

    Attributes:
        recording: To replay.
        out: Folder of the results; made if need be, results in it are replaced.
        loaded: Settings; their lanes are those of the recording.
        speed: Seconds of event time in one second, above 0; None is as fast as it goes.
        since_ms: Kafka timestamp before which nothing is read; None is the beginning.
        until_ms: Kafka timestamp at which to stop; None is the end.
        batch_records: Cut of a batch; any gives the same files.
        is_locked: Does the caller keep other runs out of the folder?
    """

    recording: Path
    out: Path
    loaded: Loaded
    speed: float | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    batch_records: int = BATCH_RECORDS
    is_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay did.

    Attributes:
        out: Folder of the results.
        records: Raw records, and as many heartbeats as the recording has or its time stands for.
        used: How many of them count for something.
        counts: Results by topic.
        seconds: Wall time, without compiling the rules.
        incidents: Last revision of each, in order of opening.
        feeds: What became of the records of each feed.
    """

    out: Path
    records: int
    used: int
    counts: dict[str, int]
    seconds: float
    incidents: tuple[Incident, ...]
    feeds: FeedCounts


class _Reading:
    """Counts what is read, keeps pace, stops in time."""

    def __init__(self, options: ReplayOptions) -> None:
        self._since = _UNKNOWN if options.since_ms is None else options.since_ms
        self._until, self._speed = options.until_ms, options.speed
        self._began, self._first = time.monotonic(), _UNKNOWN
        self.records = 0

    def read(self, records: Iterable[RecordedRecord | Lull]) -> Iterator[RecordedRecord | Lull]:
        until = self._until
        for record in records:
            if isinstance(record, Lull):
                yield from self._pass(record)
                continue
            if until is not None and record.timestamp > until:
                return
            if record.timestamp < self._since:
                continue
            self._wait_for(record.timestamp)
            self.records += 1
            yield record

    def _pass(self, lull: Lull) -> Iterator[Lull]:
        """A lull, as far as it is wanted; when paced, a pane at a time."""
        pane_ends = lull.pane_ends
        if pane_ends[0] < self._since:
            pane_ends = pane_ends[len(range(pane_ends.start, self._since, pane_ends.step)) :]
        if self._until is not None:
            pane_ends = pane_ends[: len(range(pane_ends.start, self._until + 1, pane_ends.step))]
        at_once = 1 if self._speed is not None else max(1, len(pane_ends))
        for start in range(0, len(pane_ends), at_once):
            part = lull._replace(pane_ends=pane_ends[start : start + at_once])
            self._wait_for(part.pane_ends[0])
            self.records += part.heartbeats
            yield part

    def _wait_for(self, timestamp: int) -> None:
        if self._speed is None:
            return
        self._first = timestamp if self._first == _UNKNOWN else self._first
        due = self._began + (timestamp - self._first) / 1_000 / self._speed
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)


def replay(
    options: ReplayOptions,
    on_incident: OnIncident = lambda _incident: None,
    progress: OnProgress = ignore,
    stages: Stages | None = None,
    on_feeds: OnFeeds = lambda _feeds: None,
    on_notice: OnNotice | None = None,
) -> Replayed:
    """Replay a recording.

    Args:
        options: What and how.
        on_incident: Hears every revision of every incident.
        progress: Told after each batch, in event time.
        stages: Compiled from the same settings before; they hold no state between two replays.
        on_feeds: Hears now and then what became of each feed's records so far.
        on_notice: Hears every revision of every notice.

    Returns:
        What was done.

    Raises:
        ConfigError: If settings or reference are wrong, or another run writes to the folder.
        RecordingError: If the recording is damaged.
    """
    with nullcontext() if options.is_locked else locked(options.out):
        return _replayed(options, on_incident, progress, stages, on_feeds, on_notice)


def _replayed(
    options: ReplayOptions,
    on_incident: OnIncident,
    progress: OnProgress,
    stages: Stages | None,
    on_feeds: OnFeeds,
    on_notice: OnNotice | None,
) -> Replayed:
    """Replay a recording into a folder that is ours.

    Args:
        options: What and how.
        on_incident: Hears every revision of every incident.
        progress: Told after each batch.
        stages: Compiled from the same settings before; None compiles them.
        on_feeds: Hears what became of each feed's records so far.
        on_notice: Hears every revision of every notice.
    """
    recording = open_recording(options.recording)
    contents = recording.verify()
    with collecting_seldom():
        stages = stages or compose(options.loaded.settings, lambda: 0)
    latest: dict[str, Incident] = {}
    reading, began = _Reading(options), time.monotonic()
    with RunFolder(options.out) as folder, SeriesFile(options.out) as series, collecting_seldom():
        stages.hear_judged(series.take)

        def publish(message: Message) -> None:
            folder.write(message)
            if message.topic == INCIDENTS.noun:
                incident = _INCIDENTS.decode(message.value or b"")
                latest[incident.incident_id] = incident
                on_incident(incident)
            elif on_notice is not None and message.topic == NOTICES.noun:
                on_notice(_NOTICES.decode(message.value or b""))

        flow = MemoryFlow(stages, publish, first_clocks=recording.manifest.absent, on_feeds=on_feeds)
        cut = (options.batch_records, BATCH_MS) if options.speed is None else (PACED_RECORDS, PACED_MS)
        for reached in flow.run(reading.read(timed(recording)), batch_records=cut[0], batch_ms=cut[1]):
            last = options.until_ms or contents.last_ms
            progress(Progress(records=reading.records, time_ms=reached, first_ms=contents.first_ms, last_ms=last))
    stages.hear_judged(None)
    replayed = Replayed(
        out=options.out,
        records=reading.records,
        used=flow.used,
        counts=dict(folder.counts),
        seconds=time.monotonic() - began,
        incidents=tuple(sorted(latest.values(), key=lambda incident: (incident.opened_at, incident.incident_id))),
        feeds=flow.feeds,
    )
    _write_run(options, replayed, stages.ruleset, series, (contents.first_ms, contents.last_ms))
    return replayed


def _write_run(
    options: ReplayOptions,
    replayed: Replayed,
    ruleset: str,
    series: SeriesFile,
    span: tuple[int | None, int | None],
) -> None:
    """Say in run.json what made the files beside it; the truth comes along if there is one."""
    first, last = (None if time_ms is None else Instant(time_ms) for time_ms in span)
    settings = {name: value for name, value in values_of(options.loaded.settings) if name in options.loaded.origins}
    run: dict[str, Any] = {
        "recording": readable(str(options.recording)),
        "first": first,
        "last": last,
        "since": None if options.since_ms is None else Instant(options.since_ms),
        "until": None if options.until_ms is None else Instant(options.until_ms),
        "tocsin": version("tocsin"),
        "ruleset": ruleset,
        "settings": {name: _plain(value) for name, value in settings.items()},
        "records": replayed.records,
        "used": replayed.used,
        "counts": replayed.counts,
        "feeds": [
            FeedLine(
                source=feed.source,
                operator=feed.operator,
                kind=feed.kind,
                count=msgspec.structs.replace(count, said={}),  # words of records stay in quarantine.jsonl
            )
            for feed, count in sorted(replayed.feeds.items())
        ],
        "incidents": len(replayed.incidents),
        "series_lines": series.written,
        "series_lines_dropped": series.dropped,
        "series_lines_thinned": series.thinned,
        "series_resolution": series.resolution,
        "seconds": round(replayed.seconds, 3),
    }
    (options.out / "run.json").write_bytes(encode(run) + b"\n")
    truth = truth_beside(options.recording)
    kept = options.out / "truth.json"
    kept.unlink(missing_ok=True)
    if truth.is_file():
        shutil.copyfile(truth, kept)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
