"""Settings of the reply queue: how soon each is answered, and how many wait in front of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.records.errors import ConfigError

_LEAST: Final[Mapping[str, tuple[int, int]]] = {
    "answer_minutes": (1, 60),
    "queue_max": (1, 256),
    "drafts_max": (1, 48),
    "texts_max": (1, 2048),
    "rumour_share_percent": (1, 5),
    "rumour_people_min": (1, 20),
    "rumour_denied_people_min": (1, 5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyConfig:
    """Who complains within an open incident gets one answer.

    Attributes:
        answer_minutes: A complaint should be answered after so many minutes. Six in ten customers expect help within
            the hour.
        queue_max: So many complaints of an incident wait by name, the most urgent and newest; the rest is counted.
        drafts_max: So many replies of an incident are drafted at a time; the next follow as these are dealt with. It is
            what a shift of a few people can look through in some minutes. Emergencies may fill as many places again.
        texts_max: So many replies of one incident are drafted in all, twice as many if they are emergencies.
        rumour_share_percent: A claim is corrected if so many percent of the posts about the operator make it: one in
            twenty is what a reader of some replies meets.
        rumour_people_min: A claim is corrected if so many people make it: a correction spreads what only a few said.
        rumour_denied_people_min: A claim that the operator has denied somewhere is corrected everywhere if so many
            people made it in all: it is spoken of anyway, and what is true is known.
    """

    answer_minutes: int = 60
    queue_max: int = 256
    drafts_max: int = 48
    texts_max: int = 2048
    rumour_share_percent: int = 5
    rumour_people_min: int = 20
    rumour_denied_people_min: int = 5

    def __post_init__(self) -> None:
        """Check."""
        wrong = [
            f"respond.replies.{name} = {getattr(self, name)!r}: must be {least} or more; the default is {default}"
            for name, (least, default) in _LEAST.items()
            if not getattr(self, name) >= least
        ]
        if wrong:
            raise ConfigError("\n".join(wrong))
