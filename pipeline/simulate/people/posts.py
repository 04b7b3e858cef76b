"""Posts as a connector hands them over: their words, ids and authors, and whose search found them.

On a crowd site people choose their operator from a list. Elsewhere a connector
runs one search for each operator, by the ways to write its name, and one for
each place: a post that names nobody carries no operator, whatever it is about,
and an advert that names one does. So the field tells nothing of the kind of a
text. If a post names several, its writer's own is taken, as if written to it.
"""

from typing import Any

from pipeline.records.clocks import MINUTE_MS, format_instant
from pipeline.simulate.people.delivery import Writer
from pipeline.simulate.seeds import pick
from pipeline.simulate.spec.scenario import AreaIn, Mentions
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.speakers import person_id
from pipeline.simulate.world.world import Sent, World

WRITERS_SHARE = 0.04
"""Share of the customers who ever post; some of them often."""


class Poster(Writer):
    """Writes the posts of one stream.

    Args:
        world: The world in which they are written.
        mentions: How posts are written there.
        names: The stream, from the general to the particular.
    """

    def __init__(self, world: World, mentions: Mentions, *names: str) -> None:
        super().__init__(world, mentions, "mentions", *names)
        self._mentions = mentions
        self._place_shares = {platform.name: platform.place_share for platform in mentions.platforms}
        self._crowd_sites = frozenset(platform.name for platform in mentions.platforms if platform.kinds)
        self._weights: dict[str, tuple[tuple[str, float], ...]] = {}

    def write(
        self,
        area: AreaIn,
        at: int,
        kind: str,
        service: str = "",
        outage: Outage | None = None,
        others: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """A post of a person.

        Args:
            area: The writer's footprint.
            at: When it is posted, in milliseconds.
            kind: What it says.
            service: The service that it names, or none.
            outage: What it is about, if it is one.
            others: Operators that it may name beside the writer's own; any, if empty.
        """
        speaker = self._world.speakers.speaker(self.chance, area, at, outage, others)
        text = self._world.wording.say(self.chance, "mentions", kind, speaker, service)
        body = self.found(area, self._post(area, at, text, self._platform(kind)))
        if self.chance.random() < self._place_shares.get(body["platform"], 0.0):
            body["place"] = self.chance.choice(speaker.spellings)
        return body

    def found(self, area: AreaIn, body: dict[str, Any]) -> dict[str, Any]:
        """The post with the operator that a connector sees in its text and platform as they are now, or with none."""
        chosen = area.operator if body["platform"] in self._crowd_sites else None
        operator = chosen or self._world.speakers.named(body["text"], area.operator)
        rest = {name: value for name, value in body.items() if name != "operator"}
        return rest | {"operator": operator} if operator is not None else rest

    def repost(self, area: AreaIn, at: int, original: dict[str, Any]) -> dict[str, Any]:
        """Make a repost: someone else's words once more.

        Args:
            area: Footprint of who reposts.
            at: When, in milliseconds.
            original: The post whose words they are.
        """
        body = self._post(area, at, original["text"], original["platform"]) | {"repost_of": original["post_id"]}
        return body | {"operator": original["operator"]} if "operator" in original else body

    def sent(self, at: int, body: dict[str, Any]) -> list[Sent]:
        """The post on its way, and at times the same again."""
        return self.deliver(body["post_id"], at, body)

    def with_reposts(self, area: AreaIn, at: int, body: dict[str, Any], minutes_mean: float) -> list[Sent]:
        """Send a post, and with it the usual share of reposts.

        Args:
            area: Footprint of the writer and of who reposts.
            at: When it is posted, in milliseconds.
            body: The post.
            minutes_mean: Mean time from the post to its repost, in minutes, above 0.
        """
        records = self.sent(at, body)
        if self.chance.random() < self._mentions.reposts:
            again = at + 1_000 + round(self.chance.expovariate(1 / minutes_mean) * MINUTE_MS)
            records += self.sent(again, self.repost(area, again, body))
        return records

    def service(self, weights: tuple[tuple[str, float], ...]) -> str:
        """The service that a post names, or none."""
        return pick(self.chance, weights) if self.chance.random() < self._mentions.named_service else ""

    def _post(self, area: AreaIn, at: int, text: str, platform: str) -> dict[str, Any]:
        writers = max(1, round(area.people * WRITERS_SHARE))
        return {
            "author": person_id(self._world.seed, "author", area, int(writers * self.chance.random() ** 2)),
            "lang": self._world.file.language,
            "market": self._world.file.market,
            "platform": platform,
            "post_id": self.next_id(),
            "posted_at": format_instant(at),
            "text": text,
        }

    def _platform(self, kind: str) -> str:
        weights = self._weights.get(kind)
        if weights is None:
            taken = [platform for platform in self._mentions.platforms if not platform.kinds or kind in platform.kinds]
            weights = tuple((platform.name, platform.weight) for platform in taken or self._mentions.platforms)
            self._weights[kind] = weights
        return pick(self.chance, weights)
