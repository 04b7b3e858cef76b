"""What each source and each rule is worth: nine worlds measured again without one of them.

A source is left out of the recordings, so the rules are those that run; a rule is taken away by a setting, or by a
reference folder that lacks what it reads; and the account, by plain gates in its place (`quality_gates.py`). The truth
stays: what only a missing source could show is asked all the same.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copyfile, copytree, rmtree
from typing import Final, NamedTuple

import msgspec

from benchmarks.quality_sections import WITHOUT
from benchmarks.quality_worlds_chosen import ROOT, World
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.runs.folder import truth_beside
from pipeline.evaluate.score import Score
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.views.score.wording import said

COLUMNS: Final = (
    ("recall", "confirmed"),
    ("recall_severe", "severe ones"),
    ("precision", "real"),
    ("traps_withstood", "traps withstood"),
    ("false_confirmed_rate", "false, per operator and 30 days"),
    ("false_suspected_rate", "false suspicions"),
    ("confirmed_visible_p50", "confirmed after"),
    ("cleared_early", "all-clear too early"),
    ("end_error_p50", "end off by"),
    ("place_exact", "place exact"),
    ("customers_held", "customers held"),
    ("ece", "ECE"),
    ("brier", "Brier"),
)
NEVER: Final = 1.0
"""No probability is greater."""


class _Said(msgspec.Struct):
    """What is read of a record here."""

    metric: str = ""
    official: bool = False


def _said(record: RecordedRecord) -> _Said:
    try:
        return msgspec.json.decode(record.value or b"{}", type=_Said)
    except msgspec.DecodeError:
        return _Said()  # what nobody can read stays, and is quarantined where it came from


def _is_call(record: RecordedRecord) -> bool:
    """Is it a figure of the call centre?"""
    return record.topic == "telemetry" and _said(record).metric in CARE_METRICS


def _is_ticket(record: RecordedRecord) -> bool:
    return record.topic == "tickets"


def _is_network(record: RecordedRecord) -> bool:
    return record.topic == "telemetry" and not _is_call(record)


def _is_post(record: RecordedRecord) -> bool:
    return record.topic == "mentions"


def _is_official(record: RecordedRecord) -> bool:
    """Does the operator itself speak in public?"""
    return _is_post(record) and _said(record).official


class Thing(NamedTuple):
    """What is taken away.

    Attributes:
        words: What, for people.
        drops: Which records are left out.
        settings: As `--set` takes them; `{reference}` is a folder of reference without what `reference_lacks` names.
        reference_lacks: Keys of metrics.toml.
        by_gates: Do plain gates take the account's place?
    """

    words: str
    drops: Callable[[RecordedRecord], bool] | None = None
    settings: tuple[str, ...] = ()
    reference_lacks: tuple[str, ...] = ()
    by_gates: bool = False


THINGS: Final = {
    "network": Thing("figures of the network", drops=_is_network),
    "tickets": Thing("tickets", drops=_is_ticket),
    "calls": Thing("the call centre's figures", drops=_is_call),
    "care": Thing("tickets and the call centre's figures", drops=lambda record: _is_ticket(record) or _is_call(record)),
    "public": Thing("posts, those of the operator too", drops=_is_post),
    "official": Thing("what the operator itself says in public", drops=_is_official),
    "priors": Thing(
        "what metrics.toml calls healthy or never normal",
        settings=("reference.folder={reference}",),
        reference_lacks=("healthy", "never_normal"),
    ),
    "freezing": Thing("that nothing is learnt while an outage is likely", settings=(f"detect.freeze_above={NEVER}",)),
    "account": Thing("plain gates in its place, two kinds of witness or one that is strong", by_gates=True),
}


def recordings_without(thing: Thing, name: str, recordings: Sequence[Path]) -> list[Path]:
    """The recordings as they would be without a source; each is made once.

    Args:
        thing: What is left out; of a rule nothing is.
        name: Its name, for the folder below that of the recordings.
        recordings: The whole ones.
    """
    if thing.drops is None:
        return list(recordings)
    made = []
    for path in recordings:
        less = path.parent / f"without-{name}" / path.name
        if not less.is_file():
            less.parent.mkdir(exist_ok=True)
            whole = open_recording(path)
            copyfile(truth_beside(path), truth_beside(less))
            write_recording(less, whole.manifest, (one for one in whole.records() if not thing.drops(one)))
        made.append(less)
    return made


def settings_without(thing: Thing, name: str, folder: Path) -> list[str]:
    """Settings that take a rule away, as `--set` takes them; the reference that they name is made anew.

    Args:
        thing: What is taken away.
        name: Its name, for the folder of its reference.
        folder: Where that folder is made.
    """
    reference = folder / f"reference-without-{name}"
    if thing.reference_lacks:
        rmtree(reference, ignore_errors=True)
        copytree(ROOT / "deploy" / "reference", reference)
        metrics = reference / "metrics.toml"
        kept = [
            line
            for line in metrics.read_text("utf-8").splitlines(keepends=True)
            if line.partition(" = ")[0] not in thing.reference_lacks
        ]
        metrics.write_text("".join(kept), "utf-8")
    return [one.format(reference=reference) for one in thing.settings]


def section(worlds: Sequence[World], whole: Score, without: dict[str, Score], ruleset: str) -> Iterator[str]:
    """The part of the page: what is lost with each.

    Args:
        worlds: That were measured.
        whole: With everything.
        without: By name of what was taken away.
        ruleset: Of the whole.
    """
    yield from (WITHOUT, "")
    names = ", ".join(sorted({world.name for world in worlds}))
    which = "" if set(without) == set(THINGS) else f" {' '.join(without)}"
    yield f"Made by `python -m benchmarks.quality_worlds --without{which}` with ruleset {ruleset}, on"
    yield f"{len(worlds)} worlds: {names}; seeds {', '.join(sorted({str(world.seed) for world in worlds}))}."
    yield "Few worlds: differences of a few in a hundred say nothing."
    yield from ("", f"| without | {' | '.join(title for _, title in COLUMNS)} |", "|---|" + "---|" * len(COLUMNS))
    yield _row("nothing", whole)
    for name, score in without.items():
        yield _row(f"{name}: {THINGS[name].words}", score)
    yield ""


def _row(title: str, score: Score) -> str:
    figures = [score.figure(name) for name, _ in COLUMNS]
    return f"| {title} | {' | '.join(said(one.value, one.unit) for one in figures)} |"
