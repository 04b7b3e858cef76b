"""Who writes, and what they know: their place and operator, the time, what runs on TV, whom else there is.

A person knows what any customer knows. Of an outage that is the hour of its
start, where they are hit themselves, and the channel that is black.
"""

import re
from random import Random

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.ids import content_id
from pipeline.simulate.spec.scenario import AreaIn, ChannelIn, ScenarioFile
from pipeline.simulate.spec.wording import Speaker
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.rhythm import LocalClock

EMERGENCY_NUMBERS = {"DE": ("112", "110"), "FR": ("112", "15", "17", "18"), "GB": ("999", "112"), "US": ("911",)}
"""What people dial; elsewhere 112."""
_WEEK_MINUTES = 7 * 1_440
_MONDAY = 3 * 1_440
"""1970 began on a Thursday."""


class Speakers:
    """Makes the people of one world.

    Args:
        file: The world.
        clock: Local time of the world.
    """

    def __init__(self, file: ScenarioFile, clock: LocalClock) -> None:
        self._clock = clock
        self._spellings = {operator.id: operator.spellings for operator in file.operators}
        rivals = [operator.id for operator in file.operators if operator.role in {"primary", "rival"}]
        self._others = {
            name: tuple(other for other in rivals if other != name)
            or tuple(other for other in self._spellings if other != name)
            for name in self._spellings
        }
        self._searches = {name: _search(spellings) for name, spellings in self._spellings.items()}
        self._guides = {channel.name: Guide(channel) for channel in file.channels}
        self._channels = tuple(self._guides)
        self._titles = tuple(entry.title for channel in file.channels for entry in channel.guide)
        self._numbers = EMERGENCY_NUMBERS.get(file.market, ("112",))

    def speaker(
        self, chance: Random, area: AreaIn, time_ms: int, outage: Outage | None = None, others: tuple[str, ...] = ()
    ) -> Speaker:
        """Someone of an area who writes at a time, and lives in one part of it.

        Args:
            chance: The stream's generator.
            area: Their footprint.
            time_ms: When they write.
            outage: What they write of, if it is one.
            others: Operators that they may name beside their own; any, if empty.
        """
        hour, minute = self._clock.hour_minute(time_ms)
        here = (area.spellings[0], chance.choice(area.spellings))
        named = tuple(other for other in others if other != area.operator) or self._others[area.operator]
        item = self._item(chance, outage)
        guide = self._guides.get(item)
        return Speaker(
            spellings=here,
            hashtags=area.hashtags,
            postcodes=(chance.choice(area.postcodes),),
            brands=self._spellings[area.operator],
            hour=hour,
            minute=minute,
            since_hour=self._since(area, time_ms, outage),
            items=guide.spellings if guide is not None else (item,),
            programmes=(guide.at(self._clock, time_ms) if guide is not None else ()) or self._titles or (item,),
            other_brands=self._spellings[chance.choice(named) if named else area.operator],
            emergency_numbers=(outage.spec.emergency_numbers if outage is not None else ()) or self._numbers,
        )

    def others(self, operator: str) -> tuple[str, ...]:
        """Operators that its customers may talk about: those with a network of their own, if there are any."""
        return self._others[operator]

    def named(self, text: str, own: str) -> str | None:
        """The operator that a text names: the writer's own before all others, these in the order of the file."""
        folded = text.casefold()
        if self._searches[own].search(folded):
            return own
        return next((name for name, search in self._searches.items() if search.search(folded)), None)

    def _item(self, chance: Random, outage: Outage | None) -> str:
        items = (outage.spec.items if outage is not None else ()) or self._channels
        return chance.choice(items) if items else "TV"

    def _since(self, area: AreaIn, time_ms: int, outage: Outage | None) -> int | None:
        if outage is None or not outage.hit(area.operator, area.id, time_ms) > 0:
            return None
        lag_ms = outage.footprints[area.operator, area.id].lag_ms
        return self._clock.hour_minute(outage.started_at + lag_ms)[0]


def person_id(seed: int, role: str, area: AreaIn, number: int) -> str:
    """Name a person of a footprint; the name tells nothing of operator and place.

    Args:
        seed: Seed of the world.
        role: `author` or `customer`.
        area: Where they live, and whose customers they are.
        number: Which of the footprint's people.
    """
    return content_id(seed, role, area.operator, area.id, number)[:12]


def _search(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a name in folded text, as whole words; as a hashtag it has no spaces."""
    names = {name.casefold() for spelling in spellings for name in (spelling, spelling.replace(" ", ""))}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


class Guide:
    """What a channel shows, by the minute of the week."""

    def __init__(self, channel: ChannelIn) -> None:
        self.spellings = channel.spellings
        self._entries = [
            (weekday * 1_440 + int(entry.starts[:2]) * 60 + int(entry.starts[3:]), entry.minutes, entry.title)
            for entry in channel.guide
            for weekday in entry.weekdays
        ]
        self._titles = tuple(entry.title for entry in channel.guide)

    def at(self, clock: LocalClock, time_ms: int) -> tuple[str, ...]:
        """What runs at a time; anything that the channel shows, if nothing does."""
        now = ((time_ms + clock.offset_ms(time_ms)) // MINUTE_MS + _MONDAY) % _WEEK_MINUTES
        running = tuple(title for start, minutes, title in self._entries if (now - start) % _WEEK_MINUTES < minutes)
        return running or self._titles
