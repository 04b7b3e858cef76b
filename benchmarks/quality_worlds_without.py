"""What each source and each rule is worth: sixteen worlds measured again without one of them.

A source is left out of the recordings, so the rules are those that run; a rule is taken away by a setting, or by a
reference folder that lacks what it reads. The truth stays: what only a missing source could show is asked all the same.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copyfile, copytree, rmtree
from typing import Final, NamedTuple

import msgspec

from benchmarks.quality_worlds_chosen import ROOT, World
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.runs.folder import truth_beside
from pipeline.evaluate.score import Score
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.views.score.wording import said

HEADING: Final = "## Without one source or rule"

COLUMNS: Final = (
    ("recall", "confirmed"),
    ("recall_severe", "severe ones"),
    ("precision", "real"),
    ("traps_withstood", "traps withstood"),
    ("false_confirmed_rate", "false, per operator and 30 days"),
    ("false_suspected_rate", "false suspicions"),
    ("confirmed_visible_p50", "confirmed after"),
    ("place_exact", "place exact"),
    ("customers_held", "customers held"),
    ("ece", "ECE"),
    ("brier", "Brier"),
)
NEVER: Final = 1.0
"""No probability is greater."""


class _Metric(msgspec.Struct):
    metric: str = ""


def _is_care(record: RecordedRecord) -> bool:
    """Do people turn to the operator: tickets, and the call centre's figures?"""
    if record.topic != "telemetry" or not record.value:
        return record.topic == "tickets"
    try:
        return msgspec.json.decode(record.value, type=_Metric).metric in CARE_METRICS
    except msgspec.DecodeError:
        return False  # what nobody can read is of the network's feed, and quarantined there


class Thing(NamedTuple):
    """What is taken away.

    Attributes:
        words: What, for people.
        drops: Which records are left out.
        settings: As `--set` takes them; `{reference}` is a folder of reference without what `reference_lacks` names.
        reference_lacks: Keys of metrics.toml.
    """

    words: str
    drops: Callable[[RecordedRecord], bool] | None = None
    settings: tuple[str, ...] = ()
    reference_lacks: tuple[str, ...] = ()


THINGS: Final = {
    "network": Thing(
        "figures of the network", drops=lambda record: record.topic == "telemetry" and not _is_care(record)
    ),
    "care": Thing("tickets and the call centre's figures", drops=_is_care),
    "public": Thing("posts", drops=lambda record: record.topic == "mentions"),
    "priors": Thing(
        "what metrics.toml calls healthy or never normal",
        settings=("reference.folder={reference}",),
        reference_lacks=("healthy", "never_normal"),
    ),
    "freezing": Thing("that nothing is learnt while an outage is likely", settings=(f"detect.freeze_above={NEVER}",)),
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
    yield from (HEADING, "")
    names = ", ".join(sorted({world.name for world in worlds}))
    yield f"Made by `python -m benchmarks.quality_worlds --without {' '.join(without)}` with ruleset {ruleset}, on"
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


def kept_section(page: str) -> list[str]:
    """Lines of this part in a page that was written before; none if it has none."""
    lines = page.splitlines()
    if HEADING not in lines:
        return []
    start = lines.index(HEADING)
    after = [number for number, line in enumerate(lines) if number > start and line.startswith("## ")]
    return lines[start : after[0] if after else len(lines)]


def with_section(page: str, part: Sequence[str]) -> str:
    """A page with this part in the place of the one that it had, or at its end."""
    lines, old = page.splitlines(), kept_section(page)
    at = lines.index(HEADING) if old else len(lines)
    fresh = [*lines[:at], *([] if old else [""]), *part, *lines[at + len(old) :]]
    return "\n".join(fresh).rstrip() + "\n"
