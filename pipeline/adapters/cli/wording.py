"""`tocsin wording`: check the sentences that people read, and see how an incident of a run would be told now."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal, minute_of
from pipeline.records.errors import ConfigError


def check(form: Form = Format.TABLE, settings: SettingsFile = None, sets: Sets = None) -> None:
    """Tell what is wrong with the sentences, with file and line; exit code 1 if anything is.

    A sentence is missing, names an unknown field, is too long for an outlet, or has jargon.
    """
    from pipeline.adapters.reference.folder import reference_folder
    from pipeline.adapters.reference.wording_check import check_wording

    terminal = Terminal(form)
    folder = (loaded_from(settings, sets).settings.reference.folder or reference_folder()) / "wording"
    remarks = check_wording(folder)
    for remark in remarks:
        terminal.data({"file": str(remark.path), "line": remark.line, "words": remark.words})
        terminal.text(str(remark))
    if remarks:
        raise FindingError(f"{folder}: {len(remarks)} things to mend")
    terminal.text(f"{folder}: nothing to mend")


def preview(  # noqa: PLR0913, PLR0917 - one for each option
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id, or how it begins.", show_default=False)],
    run: Annotated[Path, typer.Option("--run", help="Folder that `tocsin replay` wrote.", show_default=False)],
    language: Annotated[str, typer.Option(help="Only this language.", show_default=False)] = "",
    outlet: Annotated[str, typer.Option(help="Only this outlet.", show_default=False)] = "",
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Show what people would be told of an incident of a run, with the sentences and settings of now."""
    from pipeline.adapters.compose import Parts
    from pipeline.adapters.runs.previewing import retold
    from pipeline.adapters.runs.reading import read_run

    terminal = Terminal(form)
    rules = Parts(loaded_from(settings, sets).settings, lambda: 0).respond_rules()
    histories = [history for history in read_run(run).histories if history[-1].incident_id.startswith(incident.lower())]
    if len(histories) != 1:
        known = f"{len(histories)} incidents of {run} have ids that begin so"
        raise ConfigError(f"{incident}: {known}; `incidents.jsonl` has them all")
    told = retold(histories[0], rules)
    _known("--language", language, {notice.language for notice in told})
    _known("--outlet", outlet, {notice.outlet for notice in told})
    texts = [notice for notice in told if language in ("", notice.language) and outlet in ("", notice.outlet)]
    for notice in texts:
        terminal.data(notice)
        place = f"{notice.audience}, {notice.outlet}, {notice.language}"
        terminal.text(f"\n{minute_of(int(notice.drafted_at))}  {notice.occasion} ({notice.kind.value})  {place}")
        terminal.text(f"  {notice.subject}")
        terminal.text("\n".join(f"  | {line}" for line in notice.body.splitlines()))
    terminal.text(f"\n{len(texts)} texts")


def _known(option: str, wanted: str, told: set[str]) -> None:
    """Refuse a language or an outlet that no text has; of an incident that nobody is told of, all are as good."""
    if wanted and told and wanted not in told:
        raise ConfigError(f"{option} {wanted}: no text of this incident has it; there are {', '.join(sorted(told))}")
