"""`tocsin drill`: a fault is caused on what `make run ALL=1` started, and its alert is seen to fire and to clear."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.live.run import StandFile
from pipeline.adapters.cli.terminal import Terminal
from pipeline.records.errors import ConfigError

MINUTES_MAX: Final = 90.0
"""Longest wait, in minutes of the alerts: the longest window of what can be caused is an hour."""

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Page of the runbooks, such as TocsinBrokerGone.")]


def drill(
    name: Name = None,
    list_all: Annotated[bool, typer.Option("--list", help="All faults, and why some cannot be caused here.")] = False,
    minutes: Annotated[float, typer.Option(min=1.0, help="Longest wait, in minutes of the alerts.")] = MINUTES_MAX,
    stand: StandFile = None,
) -> None:
    """Cause a fault, show its alert fire, end the fault, show it clear.

    It works on what `make run ALL=1` started on this machine, and on nothing else.
    """
    from pipeline.adapters.local.stand.drilling import DrillError
    from pipeline.adapters.local.stand.drilling import drill as once
    from pipeline.adapters.local.stand.faults import FAULTS, find_fault
    from pipeline.adapters.local.stand.place import STAND_FILE, find_stand

    terminal = Terminal()
    if list_all:
        terminal.table([("fault", "alert", "how, or why not"), *((f.page, f.alert or "-", f.says) for f in FAULTS)])
        return
    if name is None:
        raise ConfigError("drill: name a fault: `tocsin drill --list` has all")
    fault, place = find_fault(name), find_stand(stand or Path(STAND_FILE))
    try:
        asyncio.run(once(fault, place, terminal.text, minutes))
    except DrillError as error:
        raise FindingError(str(error)) from None
