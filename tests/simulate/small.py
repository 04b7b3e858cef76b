"""A small world of its own for laws: three operators in two towns, a week, and texts whose first word is their kind."""

import copy
from typing import Any

from pipeline.records.clocks import parse_instant
from pipeline.simulate.simulate import streams_of
from pipeline.simulate.spec.parse import Scenario, scenario_of
from pipeline.simulate.world.world import Sent, World

Document = dict[str, Any]

NOON = parse_instant("2025-03-12T12:00:00+01:00")
MINUTE, HOUR = 60_000, 3_600_000
KINDS = (
    *("price", "offtopic", "local_fault", "billing", "complaint", "slow", "emergency", "worry", "recovery"),
    *("collateral", "football", "campaign", "game_down", "rumour_root", "rumour_reply", "price_rise", "praise"),
)
TEXTS: Document = {
    "styles": {"mentions": {}, "app": {}},
    "aliases": {"phone": "app"},
    "words": {"none": ["nichts"]},
    "pools": {
        f"{voice}.{kind}": [kind + " {place} {brand} {item} {programme} {other_brand} {emergency_number}"]
        for voice in ("mentions", "app")
        for kind in KINDS
    },
}
FLAT = [
    {"at": "12:00", "share": 0.0},
    {"at": "12:10", "share": 1.0},
    {"at": "16:00", "share": 1.0},
    {"at": "16:20", "share": 0.0},
]


def area(town: str, operator: str, people: int) -> Document:
    return {
        "id": f"DE/NW/{town}",
        "operator": operator,
        "customers": {"broadband": people, "tv": people // 2},
        "spellings": [town.title()],
        "hashtags": [town],
        "postcodes": ["50667"],
    }


_PROMPT = {"median_ms": 500, "max_ms": 5_000}
DOCUMENT: Document = {
    "name": "small",
    "title": "A small world",
    "market": "DE",
    "time_zone": "Europe/Berlin",
    "language": "de",
    "texts": "de",
    "starts_at": "2025-03-10T00:00:00",
    "ends_at": "2025-03-17T00:00:00",
    "rhythms": {"people": {"hours": [1] * 8 + [3] * 16, "weekdays": [1] * 7}},
    "operators": [
        {"id": "home", "role": "primary", "spellings": ["Homenet"]},
        {"id": "guest", "role": "hosted", "spellings": ["Guestnet"]},
        {"id": "rival", "role": "rival", "spellings": ["Rivalnet"]},
    ],
    "areas": [
        area("koeln", "home", 60_000),
        area("koeln", "guest", 20_000),
        area("koeln", "rival", 40_000),
        area("bonn", "home", 30_000),
        area("bonn", "rival", 50_000),
    ],
    "elements": [{"id": "core", "operator": "home", "area": "DE/NW"}],
    "feeds": [
        {
            "name": "access",
            "interval_seconds": 60,
            "operators": ["home", "guest", "rival"],
            "delay": _PROMPT,
            "rhythm": "people",
            "metrics": [
                {"name": "success", "unit": "ratio", "service": "broadband", "base": 0.98, "down": 0.08, "noise": 0.01}
            ],
        }
    ],
    "mentions": {
        "share": 0.5,
        "rhythm": "people",
        "burst_k": 1.5,
        "everyday": [{"kind": "price", "per_hour": 30.0}, {"kind": "offtopic", "per_hour": 10.0}],
        "platforms": [{"name": "x", "weight": 1, "place_share": 0.3}],
        "reaction": {"first_wave": 0.01, "minutes": 8.0, "per_hour": 0.004, "fade_hours": 3.0, "back": 0.002},
        "named_service": 0.5,
        "reposts": 0.0,
        "duplicates": 0.0,
        "delay": _PROMPT,
    },
    "tickets": {
        "share": 0.5,
        "burst_k": 3.0,
        "everyday_kinds": {"billing": 1.0},
        "named_service": 0.5,
        "duplicates": 0.0,
        "delay": _PROMPT,
        "desks": [
            {
                "intake": "app",
                "rhythm": "people",
                "everyday_per_hour": 20.0,
                "reaction": {"first_wave": 0.004, "minutes": 15.0, "per_hour": 0.001, "fade_hours": 3.0},
            }
        ],
    },
}


def outage(**fields: Any) -> Document:
    """An outage of Wednesday noon; a time of day in its curve is one of that day."""
    spec: Document = {
        "id": "dark",
        "curve": FLAT,
        "where": ["DE/NW/koeln"],
        "services": {"broadband": 1.0},
        "cause": "software_fault",
        "nature": "technical",
        "extent": "general",
    }
    spec |= fields
    return spec | {"curve": [point | {"at": f"2025-03-12T{point['at']}:00"} for point in spec["curve"]]}


def scenario(**fields: Any) -> Scenario:
    """The small world, with some of its fields replaced; those of `mentions` and `tickets` one by one."""
    document = copy.deepcopy(DOCUMENT)
    for name, value in fields.items():
        document[name] = document[name] | value if name in {"mentions", "tickets"} else value
    return scenario_of(document, TEXTS)


def world(seed: int = 1, **fields: Any) -> World:
    return World(scenario(**fields), seed, None)


def streams(made: World) -> dict[str, list[Sent]]:
    """All that each stream writes, by its name."""
    return {name: [record for moment in moments for record in moment.records] for name, moments in streams_of(made)}


def said(made: World, topic: str, part: str = "") -> list[Sent]:
    """All records of a topic that streams with a word in their name write, in order of arrival."""
    return sorted(
        (
            record
            for name, records in streams(made).items()
            if part in name
            for record in records
            if record.topic == topic
        ),
        key=lambda record: record.arrival_ms,
    )


def kind_of(record: Sent) -> str:
    """What a text is about, by its first word."""
    return str(record.body["text"]).partition(" ")[0]


def written_at(record: Sent) -> int:
    return parse_instant(record.body.get("posted_at") or record.body["opened_at"])
