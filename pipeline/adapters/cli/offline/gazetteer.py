"""`tocsin gazetteer build`: places and postcodes from packaged data."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal


def build(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder; the settings' one by default.")] = None,
    npm: Annotated[bool, typer.Option("--npm/--no-npm", help="Ask npm for the French communes.")] = True,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Build the gazetteer; about 8 s."""
    from pipeline.adapters.reference.folder import gazetteer_folder, reference_folder
    from pipeline.adapters.reference.gazetteer.build import BuildOptions, build_gazetteer

    terminal = Terminal(form)
    reference = loaded_from(settings, sets).settings.reference
    folder = out or reference.gazetteer or gazetteer_folder()
    built = build_gazetteer(folder, BuildOptions(reference=reference.folder or reference_folder(), npm=npm))
    for path, rows in built.files:
        terminal.data({"file": str(path), "rows": rows})
        terminal.text(f"{path}: {rows:,} rows")
    for missing in built.missing:
        terminal.say(missing)
