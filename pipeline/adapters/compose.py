"""From settings to stages that can run: opens the reference, compiles the rules, names the ruleset.

Everything slow to import or to compile is met here and nowhere else, so that
`tocsin --help` stays fast.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.codecs.keeping import Kept
from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.reference.belief import load_belief, load_durations, load_kinds
from pipeline.adapters.reference.folder import (
    digest,
    gazetteer_folder,
    load_elements,
    load_hours,
    load_metrics,
    load_operators,
    load_places,
    reference_folder,
)
from pipeline.adapters.reference.gazetteer.geocodes import load_ground
from pipeline.adapters.reference.language import read_corrections, read_lexicon, read_rehearsals
from pipeline.adapters.reference.profiles import (
    COMPENSATION,
    PROFILES,
    load_communication,
    load_reporting,
    load_schemes,
)
from pipeline.adapters.reference.texts import TextSources, kept_for, text_rules
from pipeline.adapters.reference.wording import load_official, read_wording
from pipeline.adapters.settings import Settings, values_of
from pipeline.adapters.shipped import CODE, cache_folder
from pipeline.adapters.stages.contracts import JudgingStage
from pipeline.adapters.stages.shell import IngestCodec, KeyedCodec, Run, Stages, WallClock
from pipeline.correlate.reference import reference_from
from pipeline.detect.known.reference import DetectReference
from pipeline.flow import CORRELATE, DETECT, KEYED, CorrelateRules, DetectRules
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.understand import TextRules
from pipeline.kinds import AnyKeyed
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Language
from pipeline.reference.calendars import is_calendar
from pipeline.reference.learnt.corrections import Corrections
from pipeline.reference.learnt.rehearsals import Rehearsals
from pipeline.reference.metrics import Metrics
from pipeline.reference.places import Places
from pipeline.reference.words import Lexicon
from pipeline.respond.config import RespondRules
from pipeline.wording.sentences import Wording

_DECISIVE: Final = (
    "records",
    "reference",
    "ingest",
    "detect",
    "correlate",
    "respond",
    "wording",
    "adapters/codecs",
    "adapters/recordings/intake/written",
    "adapters/stages",
)
_INDIFFERENT: Final = (
    "kafka.",
    "web.",
    "logs.",
    "privacy.hash_key",
    "reference.",
    "schema_base",
    "ingest.heartbeats",
    "ingest.batch_",
    "ingest.horizon_ms",
)
_JUDGES: Final = ("river", "pyahocorasick", "geopy", "msgspec", "babel", "holidays")
"""Libraries whose answers reach what is published."""


def compose(settings: Settings, recorded_ms: WallClock) -> Stages:
    """Compile all stages.

    Args:
        settings: Checked.
        recorded_ms: Wall clock for `recordedtime`; a replay's stands still.

    Raises:
        ConfigError: Lists what is wrong with settings and reference.
    """
    parts = Parts(settings, recorded_ms)
    return Stages(ingest=parts.ingest(), keyed=tuple(parts.keyed(stage) for stage in KEYED))


class Parts:
    """The stages, compiled one at a time: a process of one stage needs not pay for the others.

    Args:
        settings: Checked.
        recorded_ms: Wall clock for `recordedtime`.

    Raises:
        ConfigError: Lists what is wrong with settings and reference.
    """

    def __init__(self, settings: Settings, recorded_ms: WallClock) -> None:
        self._settings, self._recorded_ms = settings, recorded_ms
        self._folder = settings.reference.folder or reference_folder()
        self._gazetteer, self._learnt = settings.reference.gazetteer, settings.reference.learnt
        self._operators = load_operators(self._folder)
        self.market_of = {operator.id: operator.market for operator in self._operators}
        self._run = Run(
            ruleset=ruleset_of(settings),
            epoch=settings.epoch,
            recorded_ms=recorded_ms,
            schema_base=settings.schema_base,
        )

    @cached_property
    def _kept(self) -> Kept:
        return kept_for(self._folder, gazetteer_folder(self._gazetteer), cache_folder() / "texts", self._learnt)

    @cached_property
    def _metrics(self) -> Metrics:
        return load_metrics(self._folder)

    @cached_property
    def _places(self) -> Places:
        return self._kept.get("places", lambda: load_places(self._gazetteer, reference=self._folder))

    def texts(self) -> TextRules:
        """What understands texts; compiled, or read where it is kept."""
        return text_rules(TextSources(self._folder, self._operators, lambda: self._places, self._learnt), self._kept)

    def lexicon(self) -> Lexicon:
        """Words and weights, as shipped or corrected."""
        return read_lexicon(self._folder / "lexicon", self._learnt)

    def corrections(self) -> dict[str, Corrections]:
        """What the operator's own posts have taught, by language."""
        return read_corrections(self._learnt) if self._learnt else {}

    def rehearsals(self) -> dict[str, Rehearsals]:
        """Texts of the project that are learnt between an operator's own posts."""
        return read_rehearsals(self._folder / "lexicon")

    def ingest(self, *, live: bool = False, layout: int = 1) -> IngestCodec:
        """INGEST: the only one that reads texts; about a second.

        Args:
            layout: Number of the layout of lanes, from 1.
            live: Compile for all languages now, as nothing may wait in the middle of a batch.
        """
        reader = self.texts()
        if live:
            reader.prepare()
        rules = IngestRules(
            config=self._settings.ingest_config(layout),
            market_of=self.market_of,
            places=self._places,
            reader=reader,
            decode=decode_batch,
            emergency_numbers={market.id: market.emergency_numbers for market in self._operators.markets.values()},
            areas_of_elements=load_elements(self._folder, operators=self._operators, places=self._places),
            zones={market.id: market.time_zone for market in self._operators.markets.values()},
            metrics=self._metrics,
        )
        return IngestCodec(rules=rules, recorded_ms=self._recorded_ms, schema_base=self._settings.schema_base)

    def keyed(self, stage: AnyKeyed) -> JudgingStage:
        """A stage of the map that keeps state.

        Args:
            stage: Its row of the map.
        """
        makers: Mapping[str, Callable[[], JudgingStage]] = {DETECT.name: self.detect, CORRELATE.name: self.correlate}
        return makers[stage.name]()

    def detect(self) -> JudgingStage:
        """DETECT: needs no places, their paths say enough."""
        markets = {*self._settings.detect.markets, *self.market_of.values()}  # a market with operators is worked on
        config = replace(self._settings.detect, markets=tuple(sorted(markets)))
        calendars = {market.id: market.holidays for market in self._operators.markets.values()}
        hours = load_hours(self._folder, self._operators)
        known = DetectReference(
            self._metrics, {market: path for market, path in calendars.items() if is_calendar(path)}, hours
        )
        rules = DetectRules(config=config, market_of=self.market_of, known=known)
        return KeyedCodec(DETECT, rules, self._run)

    def correlate(self) -> JudgingStage:
        """CORRELATE with RESPOND."""
        return KeyedCodec(CORRELATE, self.correlate_rules(), self._run)

    def correlate_rules(self) -> CorrelateRules:
        """What CORRELATE and RESPOND know beforehand."""
        wording = read_wording(self._folder / "wording")
        belief = load_belief(self._folder, self._settings.correlate.confirm)
        durations = load_durations(self._folder)
        reference = reference_from(self._operators, self._places, wording, self._metrics, belief, durations)
        reference = replace(reference, kinds=load_kinds(self._folder))
        return CorrelateRules(config=self._settings.correlate, reference=reference, respond=self.respond_rules(wording))

    def respond_rules(self, wording: Wording | None = None) -> RespondRules:
        """What RESPOND knows beforehand.

        Args:
            wording: The sentences; None reads them.
        """
        wording = wording or read_wording(self._folder / "wording")

        def operator_name(operator: str) -> str:
            row = self._operators.get(operator)
            return row.name if row else operator

        return RespondRules(
            config=self._settings.respond,
            wording=wording,
            languages=self._languages(wording),
            reporting=load_reporting(self._folder),
            communication=load_communication(self._folder),
            operator_name=operator_name,
            schemes=load_schemes(self._folder / PROFILES / COMPENSATION),
            ground=load_ground(self._folder, self._places),
            official=load_official(self._folder / "wording"),
        )

    def _languages(self, wording: Wording) -> Mapping[str, tuple[Language, ...]]:
        """Market to the languages of its customers, all of which must have sentences.

        Raises:
            ConfigError: Lists those that have none.
        """
        markets = self._operators.markets.values()
        missing = sorted({(code, market.id) for market in markets for code in market.languages if code not in wording})
        if missing:
            words = "must be there: copy wording/en.toml and translate it, or take the language out of the market"
            raise ConfigError("\n".join(f"wording/{code}.toml of market {market}: {words}" for code, market in missing))
        return {market.id: market.languages for market in markets}


def ruleset_of(settings: Settings) -> str:
    """Hash of what decides: our rules, their settings, the reference, the libraries that judge.

    Where Kafka is, what is logged and how large a batch may be decide nothing.
    The key of the hashes does: with another one, another author has the same number.

    Returns:
        20 hexadecimal characters.

    Raises:
        ConfigError: If there is no gazetteer where the settings say.
    """
    total = hashlib.blake2b(digest_size=10, key=settings.privacy.hash_key.get_secret_value().encode())
    for path in _rules():
        total.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes())
    decisive = {name: _plain(value) for name, value in values_of(settings) if not name.startswith(_INDIFFERENT)}
    total.update(json.dumps(decisive, sort_keys=True).encode())
    learnt = settings.reference.learnt
    folders = (settings.reference.folder or reference_folder(), gazetteer_folder(settings.reference.gazetteer))
    total.update(digest(*folders, *([learnt] if learnt else [])).encode())
    total.update(" ".join(f"{name} {version(name)}" for name in _JUDGES).encode())
    total.update(f"{sys.version_info.major}.{sys.version_info.minor}".encode())
    return total.hexdigest()


def _rules() -> list[Path]:
    """Our files that decide what is published, sorted."""
    paths = [path for name in _DECISIVE for path in (CODE / name).rglob("*.py")]
    reference = CODE / "adapters" / "reference"
    maps = (CODE / name for name in ("flow.py", "casework.py", "kinds.py"))
    readers = ("belief", "folder", "language", "markets", "profiles", "tables", "wording")
    of_places = ("gazetteer/districts", "gazetteer/geocodes")
    return sorted([*paths, *maps, *(reference / f"{name}.py" for name in (*readers, *of_places))])


def _plain(value: Any) -> Any:
    """A value of a setting in a form whose text does not depend on the order of a set."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else str(value)
