"""`tocsin learn`: an operator's own posts correct the weights by which posts are read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipeline.adapters.cli.options import Form, RecordingFile, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.adapters.runs.teaching.answers import Answers
    from pipeline.adapters.runs.teaching.lessons import Days
    from pipeline.reference.learnt.corrections import Corrections
    from pipeline.reference.learnt.rehearsals import Rehearsals
    from pipeline.reference.learnt.weights import Weights

HEAVIEST: Final = 8
"""Corrections that a person is shown; the file has all."""

Out = Annotated[
    Path,
    typer.Option("--out", "-o", help="Folder of corrections; what is there already is learnt on.", show_default=False),
]
Labels = Annotated[
    Path | None,
    typer.Argument(
        metavar="[LABELS]",
        help="Rows of post_id and fault (1 or 0): what people said of posts.",
        show_default=False,
    ),
]
RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--run",
        help="Folder that `tocsin replay` wrote of the recording: answered questions teach.",
        show_default=False,
    ),
]
OfIncidents = Annotated[
    bool, typer.Option("--incidents", help="Posts inside confirmed incidents and of quiet hours of the run teach, too.")
]


def learn(  # noqa: PLR0913, PLR0917 - one for each option
    recording: RecordingFile,
    out: Out,
    labels: Labels = None,
    run: RunFolder = None,
    incidents: OfIncidents = False,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Learn from posts of which people said whether they report a fault, in a list or by their answers to questions.

    One file for each language is written, to be read and to be used by the setting
    reference.learnt; docs/text.md says what bounds it. Days that were learnt before
    are passed over, so the same recording twice changes nothing.
    """
    from pipeline.adapters.compose import Parts
    from pipeline.adapters.recordings.reader import open_recording
    from pipeline.adapters.runs.teaching.lessons import Teacher, read_labels
    from pipeline.records.clocks import Instant

    terminal = Terminal(form)
    found = loaded_from(settings, sets, reference__learnt=None).settings
    if found.reference.learnt_frozen:
        terminal.data({"frozen": True})
        terminal.text("nothing was learnt: reference.learnt_frozen is set")
        return
    parts = Parts(found, lambda: Instant(0))
    answers = _answers(run, recording, incidents=incidents)
    if labels is None and answers is None:
        raise ConfigError("learn: neither LABELS nor --run: must name what people said of posts")
    teacher = Teacher(parts.texts(), parts.market_of, read_labels(labels) if labels else {}, answers)
    lessons = teacher.lessons(open_recording(recording).records())
    weights, rehearsed = parts.lexicon().weights, parts.rehearsals()
    told = {
        code: _learnt(out, code, weights[code], (lessons[code], rehearsed.get(code)))
        for code in sorted(lessons)
        if code in weights
    }
    terminal.data({code: {"lessons": found.lessons, "in_force": found.are_in_force} for code, found in told.items()})
    for code, found in told.items():
        _tell(terminal, code, found)
    if not told:
        terminal.text(
            "nothing was learnt: nobody said anything of a post of the recording, or their language has no weights"
        )


def _answers(run: Path | None, recording: Path, *, incidents: bool) -> "Answers | None":
    from pipeline.adapters.recordings.reader import open_recording
    from pipeline.adapters.runs.reading import read_run
    from pipeline.adapters.runs.teaching.answers import Answers
    from pipeline.adapters.runs.teaching.lessons import commands_of

    if run is None:
        return None
    found = read_run(run)
    last = [history[-1] for history in found.histories] if incidents else None
    return Answers(found.decisions, commands_of(open_recording(recording).records()), last)


def _learnt(out: Path, code: str, weights: "Weights", taught: "tuple[Days, Rehearsals | None]") -> "Corrections":
    """Learn what the days of a language teach, with the texts that are learnt between, and write it.

    Raises:
        ConfigError: If what is in the folder was learnt on other weights, or the texts were made beside others.
    """
    from pipeline.adapters.reference.language import CORRECTIONS, read_corrections, weights_file
    from pipeline.ingest.text.odds.learning import learn_day
    from pipeline.reference.learnt.corrections import Corrections, corrections_written, fingerprint

    out.mkdir(parents=True, exist_ok=True)
    found = read_corrections(out).get(code, Corrections(fingerprint(weights)))
    if found.weights != fingerprint(weights):
        raise ConfigError(f"{out}: was learnt on other weights than are used now: name an empty folder by -o")
    days, rehearsed = taught
    if rehearsed is not None and rehearsed.weights != fingerprint(weights):
        raise ConfigError(f"rehearsals.{code}.tsv: was made beside other weights: python -m training.rehearsing")
    for day in sorted(days):
        found = learn_day(found, day, days[day], rehearsed.texts if rehearsed else ())
    weights_file(out, code, CORRECTIONS).write_text(corrections_written(found), encoding="utf-8")
    return found


def _tell(terminal: Terminal, code: str, found: "Corrections") -> None:
    """What was learnt of a language, for people."""
    from pipeline.adapters.observing.learnt import state_of

    terminal.text(
        f"{code}: {state_of(found)}; a verdict cost {found.loss_shipped / 1e5:.3f} nats as shipped,"
        f" {found.loss_learnt / 1e5:.3f} as corrected"
    )
    for sign, value in sorted(found.of.items(), key=lambda item: (-abs(item[1]), item[0]))[:HEAVIEST]:
        terminal.text(f"{value / 1_000:+7.1f}  {sign}")
