"""`tocsin report`: a post-incident report of an incident that is over, as a page and as Markdown."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.options import Quiet
from pipeline.adapters.cli.terminal import Format, Terminal


def report(
    incident: Annotated[str, typer.Argument(metavar="ID", help="An incident's id, or how it begins.")],
    run: Annotated[Path, typer.Option("--run", "-r", metavar="FOLDER", help="Folder that `tocsin replay` wrote.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Where both files go; the run's folder.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write what is left of an incident: a page and Markdown for those who were not there.

    What, when, who knew first, what was said and when, what was done, what it
    cost people, what to do better, and what is not known. Both files hold the
    same; the page draws how many were without service and how the estimated
    end moved. What has no record is said to be not known.
    """
    from pipeline.adapters.pages.incident import revisions_of, write_report
    from pipeline.adapters.runs.reading import read_run

    read = read_run(run)
    revisions = revisions_of(read, incident)
    folder = out or run
    folder.mkdir(parents=True, exist_ok=True)
    name = f"incident-{revisions[-1].incident_id}"
    terminal = Terminal(Format.TABLE, quiet=quiet)
    for suffix, text in ((".html", False), (".md", True)):
        terminal.say(str(write_report(read, revisions, folder / f"{name}{suffix}", text=text)))
