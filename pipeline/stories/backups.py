"""Backups that the operators of the stories are given, as they would stand in their settings.

Which lines, bots and streams there really were nobody reported, so these are made up. Lines wait for people, who
approve texts in these worlds and no lines; bots and the replay were decided upon in advance, so they are offered by
themselves.
"""

from typing import Final

from pipeline.records.vocabulary import FailoverKind
from pipeline.respond.failovers_config import Backup


def _bot(operator: str, text: str) -> Backup:
    """A phone bot that answers by itself what everybody asks."""
    return Backup(
        target=f"{operator}/phone-bot",
        operator=operator,
        kind="phone_bot",
        text=text,
        mode="act",
        active_minutes_max=720,
        confidence_percent_min=80,
        health_unknown="allow",
    )


NETCOLOGNE_BACKUPS: Final = (
    Backup(
        target="netcologne/hotline-to-mobile",
        operator="netcologne",
        kind="mobile_forwarding",
        text="Hotline über Mobilfunk",
        services=("fixed_voice", "broadband", "emergency"),
        confidence_percent_min=80,
        emergency_line=True,
        health_unknown="allow",
        parameters={"forward_to": "mobile-pool"},
    ),
    _bot("netcologne", "Telefonische Auskunft rund um die Uhr"),
)
"""Of the regional operator whose own lines fail: mobile lines of another network, and a bot."""


ORANGE_BACKUPS: Final = (_bot("orange", "Serveur vocal, jour et nuit"),)
O2_BACKUPS: Final = (_bot("o2-uk", "Recorded information, day and night"),)
"""Of operators whose hotline everybody calls from another phone: a bot."""


_LATER_AND_ELSE: Final[tuple[tuple[FailoverKind, str], ...]] = (
    ("replay_offer", "Replay of the match from the whistle on"),
    ("video_on_demand_offer", "A film of your choice, free of charge"),
)

LIVE_TV_BACKUPS: Final = tuple(
    Backup(
        target=f"sky/{kind}",
        operator="sky",
        kind=kind,
        text=text,
        services=("tv",),
        mode="act" if kind == "replay_offer" else "propose",
        active_minutes_max=720,
        severity_min="minor",
        confidence_percent_min=80,
        health_unknown="allow",
    )
    for kind, text in _LATER_AND_ELSE
)
"""Of an operator whose channel goes black: the match later, and something else to watch now."""
