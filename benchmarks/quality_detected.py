"""What DETECT said of a recording, kept; and CORRELATE alone, run over it with other beliefs.

A comparison of what comes after DETECT needs its output, which takes nearly all of a replay's time, only once for a
recording and a ruleset. Panes of all partitions are joined in order of time, which changes nothing: CORRELATE works a
pane once all partitions have passed it.
"""

import gzip
import hashlib
import inspect
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import quality_gates
from benchmarks.quality_gates import Gates
from pipeline.adapters.cli.offline.backtesting import no_settings
from pipeline.adapters.cli.options import loaded_from
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.adapters.compose import Parts, compose, ruleset_of
from pipeline.adapters.recordings.heartbeats import timed
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.backtesting import bar
from pipeline.adapters.runs.backtesting.kept import bring_truth, key_of, sha256_of, written_whole
from pipeline.adapters.runs.folder import RunFolder
from pipeline.adapters.settings.sections import Settings
from pipeline.adapters.stages.collector import collecting_seldom
from pipeline.adapters.stages.memory import MemoryFlow, Passed
from pipeline.adapters.stages.shell import Held, KeyedCodec, Run, Stages
from pipeline.casework import CaseworkState
from pipeline.correlate.pane import PaneContent
from pipeline.correlate.reference import CorrelateReference
from pipeline.flow import ANOMALIES, CORRELATE, RESULT_NOUNS, CorrelateRules
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Sealed, SealedPane
from pipeline.records.raw.record import RawRecord

_SEALED: Final = decoder(Sealed)


class Job(NamedTuple):
    """A recording to be judged by gates, and the folder in which runs and DETECT's output are kept."""

    recording: Path
    folder: Path


class _Keeping(KeyedCodec[CaseworkState, Sealed, CorrelateRules]):
    """CORRELATE's place in the flow, in which what it would read is written down and nothing follows."""

    def __init__(self, rules: CorrelateRules, run: Run, path: Path) -> None:
        super().__init__(CORRELATE, rules, run)
        self._file = gzip.open(path, "wb", compresslevel=1)  # noqa: SIM115 - closed by whoever made it

    def apply(self, held: Held[CaseworkState], record: RawRecord) -> list[Message]:
        """Write the record down."""
        del held
        self._file.write((record.value or b"") + b"\n")
        return []

    def close(self) -> None:
        """All has been said."""
        self._file.close()


def gated(recordings: Sequence[Path], folder: Path, jobs: int) -> list[Path]:
    """Runs of recordings in which plain gates stand in the account's place, kept by recording, ruleset and gates.

    Args:
        recordings: Their truth lies beside them.
        folder: Where runs are kept.
        jobs: Processes at a time.
    """
    asked = [Job(recording, folder) for recording in recordings]
    with bar("by gates") as on_part, ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        made = []
        for done, run in enumerate(executor.map(gated_one, asked), 1):
            made.append(run)
            on_part(done, len(asked), done)
    return made


def gated_one(job: Job) -> Path:
    """The run of one recording."""
    recording = open_recording(job.recording)
    settings = _settings(recording.lanes)
    key = key_of(sha256_of(recording), ruleset_of(settings))
    gates = hashlib.blake2b(inspect.getsource(quality_gates).encode(), digest_size=6).hexdigest()
    run = job.folder / "runs" / f"gates-{gates}-{key}"
    if not (run / "run.json").is_file():
        kept = job.folder / "detected" / f"{key}.jsonl.gz"
        if not kept.is_file():
            _detect(job.recording, settings, kept)
        contents = recording.verify()
        with written_whole(run) as unfinished, RunFolder(unfinished) as results, collecting_seldom():
            _correlate(kept, settings, results)
            span = {"first": _instant(contents.first_ms), "last": _instant(contents.last_ms)}
            (unfinished / "run.json").write_bytes(encode(span) + b"\n")
    bring_truth(job.recording, run)
    return run


def _instant(time_ms: int | None) -> Instant | None:
    return None if time_ms is None else Instant(time_ms)


@cache
def _settings(lanes: int) -> Settings:
    with no_settings() as nothing:
        settings: Settings = loaded_from(nothing, (), partitions__lanes=lanes).settings
    return settings


@cache
def _compiled(lanes: int) -> Stages:
    return compose(_settings(lanes), lambda: 0)


@cache
def _reference(lanes: int) -> CorrelateReference:
    return Parts(_settings(lanes), lambda: 0).correlate_rules().reference


def _detect(path: Path, settings: Settings, kept: Path) -> None:
    """INGEST and DETECT over a recording; what DETECT says is kept under its name once it is whole."""
    recording = open_recording(path)
    stages = _compiled(recording.lanes)
    unfinished = kept.with_suffix(".unfinished")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    rules = Parts(settings, lambda: 0).correlate_rules()
    keeping = _Keeping(rules, Run(ruleset=stages.ruleset, epoch=settings.epoch, recorded_ms=lambda: 0), unfinished)
    flow = MemoryFlow(
        Stages(ingest=stages.ingest, keyed=(stages.named("detect"), keeping)),
        lambda _message: None,
        first_clocks=recording.manifest.absent,
    )
    with collecting_seldom():
        for _ in flow.run(timed(recording)):
            pass
    keeping.close()
    unfinished.rename(kept)


def _correlate(kept: Path, settings: Settings, results: RunFolder) -> None:
    stage = _compiled(settings.partitions.lanes).named("correlate")
    held = stage.new_state(0)
    for offset, sealed in enumerate(by_gates(read_sealed(kept), _reference(settings.partitions.lanes))):
        record = Passed(ANOMALIES.noun, 0, offset, 0, sealed.market.encode(), encode(sealed), ())
        for message in stage.apply(held, record):
            if message.topic in RESULT_NOUNS:
                results.write(message)


def read_sealed(kept: Path) -> Iterator[Sealed]:
    """What DETECT said, record by record.

    Args:
        kept: Where it is kept.
    """
    with gzip.open(kept, "rb") as file:
        yield from map(_SEALED.decode, file)


def by_gates(records: Iterator[Sealed], reference: CorrelateReference) -> Iterator[Sealed]:
    """DETECT's output as that of one partition, each weighing by what the gates say.

    Args:
        records: Of all markets and partitions.
        reference: As CORRELATE has it.
    """
    panes: dict[str, dict[int, list[SealedPane]]] = {}
    sealed_to: dict[str, int] = {}
    for record in records:
        sealed_to[record.market] = max(sealed_to.get(record.market, 0), int(record.sealed_to))
        mine = panes.setdefault(record.market, {})
        for pane in record.panes:
            mine.setdefault(int(pane.end), []).append(pane)
    for market in sorted(panes):
        gates = Gates(reference)
        for pane in _gated_panes(panes[market], gates):
            yield _sealed(market, int(pane.end), [pane])
        yield _sealed(market, sealed_to[market], [])


def _sealed(market: str, sealed_to: int, panes: list[SealedPane]) -> Sealed:
    return Sealed(market=market, epoch=1, partition=0, partitions=1, sealed_to=Instant(sealed_to), panes=panes)


def _gated_panes(panes: dict[int, list[SealedPane]], gates: Gates) -> Iterator[SealedPane]:
    for end in sorted(panes):
        while (due := gates.due_at) is not None and (silent := -(-(due + 1) // PANE_MS) * PANE_MS) < end:
            yield SealedPane(end=Instant(silent), weighings=gates.weighings_of(silent, (), ()))
        content = PaneContent.of(panes[end])
        whole = {name: getattr(content, name) for name in PaneContent.__dataclass_fields__}
        whole["weighings"] = gates.weighings_of(end, content.anomalies, content.weighings)
        yield SealedPane(end=Instant(end), **whole)
