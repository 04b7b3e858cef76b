"""The example of a settings file: written from the defaults, so that it cannot be out of date.

deploy/tocsin.example.toml is what this writes; a test compares the two.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline.adapters.settings.loading import values_of
from pipeline.adapters.settings.sections import DEVELOPMENT_KEY, Settings

_HEAD: Final = """\
# Settings of Tocsin, all of them, with their defaults. Save what you change as tocsin.toml, or name a file with
# --settings or TOCSIN_SETTINGS. The environment is over it: TOCSIN__KAFKA__BOOTSTRAP=kafka:9092; the command line is
# over both: --set kafka.prefix=prod. `tocsin config check` tells all mistakes at once, `config show` all values.
# Written by `tocsin config example`.
"""

_NOTES: Final[Mapping[str, str]] = {
    "epoch": "A new number starts the raw topics anew: offsets, clocks and states of another epoch are not used.",
    "kafka.bootstrap": "Brokers, commas between them.",
    "kafka.prefix": "Before the noun of every topic, and of the consumer groups.",
    "kafka.security_protocol": "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.",
    "kafka.sasl_password": "Rather in the environment: TOCSIN__KAFKA__SASL_PASSWORD.",
    "kafka.replication": "Copies of each topic that `tocsin topics create` makes.",
    "kafka.session_seconds": "Kafka takes a process for dead after so long; unset: 10 for INGEST, 30 for the agents.",
    "kafka.instance": "Static membership, such as a pod's name: a quick restart then moves no partition.",
    "partitions.lanes": "Partitions of each raw topic. All counts are fixed for an epoch.",
    "ingest.lateness_ms": "How long a pane waits for a source after its end, in ms; sources not named keep theirs.",
    "ingest.heartbeats": "Off while a recording is played: it brings its own.",
    "ingest.horizon_ms": "Event time by which a lane may run ahead of the least clock.",
    "detect.markets": "Units and reasons of these: pipeline/detect/config.py.",
    "correlate.borders.radius_km": "Units and reasons of these: pipeline/correlate/config.py.",
    "respond.acknowledge_minutes": "Units and reasons of these: pipeline/respond/config.py.",
    "reference.folder": "Operators, markets, elements, lexicon; unset: what Tocsin brings.",
    "reference.gazetteer": "A gazetteer of your own, from `tocsin gazetteer build`; unset: the one that comes along.",
    "privacy.hash_key": "Hashes authors and customers; 16 to 64 bytes. This one is public: set your own.",
    "web.port": "Probes and metrics: /livez, /readyz, /metrics; 0 turns them off.",
    "logs.format": "json, console, or auto: console on a terminal.",
}


def example() -> str:
    """The text of the example."""
    return _HEAD + "\n" + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    above = ""
    for name, value in values_of(Settings()):
        section, _, key = name.rpartition(".")
        if section != above:
            yield ""
            yield f"[{section}]"
            above = section
        if name in _NOTES:
            yield f"# {_NOTES[name]}"
        if name == "privacy.hash_key":
            value = DEVELOPMENT_KEY
        yield f"# {key} = ..." if value is None else f"{key} = {toml_of(value)}"


def toml_of(value: Any) -> str:
    """A value as TOML writes it.

    >>> toml_of((True, 1.5, "ä", {"a": 1}))
    '[true, 1.5, "ä", { a = 1 }]'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {toml_of(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, frozenset | set):
        return toml_of(sorted(value))
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)
