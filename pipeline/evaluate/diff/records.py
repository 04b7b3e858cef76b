"""What differs between two runs, as types: incidents that came, went or changed, and counts by kind.

A difference is itself a result that scripts read, so it is a closed list of
fields in few groups, and everything has a mirror image: comparing B with A
says the same as comparing A with B, seen from the other side.
"""

import difflib
from typing import Final, Literal

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice

Group = Literal["times", "verdict", "borders", "emergency", "texts", "rest"]
Align = Literal["content", "id"]

FIELDS: Final[dict[str, Group]] = {
    **dict.fromkeys(("opened", "confirmed", "resolved", "started", "ended", "state_at", "severity_at"), "times"),
    "first_evidence": "times",
    **dict.fromkeys(("state", "states", "severity", "severity_peak", "severities", "verification"), "verdict"),
    **dict.fromkeys(("nature", "duration_class", "reopened", "exercise"), "verdict"),
    **dict.fromkeys(("areas", "shares", "services", "items", "operators", "extent", "customers_affected"), "borders"),
    **dict.fromkeys(("emergency", "emergency_numbers", "emergency_claims", "emergency_claimed"), "emergency"),
    **dict.fromkeys(("summary", "notices"), "texts"),
    **dict.fromkeys(("revisions", "links"), "rest"),
}
"""Field to its group; every other field of an incident belongs to `rest` under its own name."""

COMPARED_ABOVE: Final = frozenset(
    (
        *("incident_id", "revision", "updated_at", "market", "time_zone", "references", "links"),
        *("opened_at", "confirmed_at", "resolved_at", "started_at", "ended_at", "leads", "state_history"),
        *("state", "severity", "severity_peak", "verification", "nature", "duration_class", "reopened", "exercise"),
        *("areas", "services", "items", "operators", "extent", "customers_affected", "emergency", "summary"),
    )
)
"""Fields of an incident that `FIELDS` covers under a name of its own, or that are only ids and running numbers."""

REST: Final = tuple(name for name in Incident.__struct_fields__ if name not in COMPARED_ABOVE)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What a run published.

    Attributes:
        histories: Revisions of each incident, rising.
        quarantined: Refused records by stage and reason.
    """

    histories: tuple[tuple[Incident, ...], ...] = ()
    notices: tuple[Notice, ...] = ()
    failovers: tuple[Failover, ...] = ()
    followups: tuple[Followup, ...] = ()
    decisions: tuple[Decision, ...] = ()
    quarantined: dict[str, int] = {}


class DiffRules(msgspec.Struct, frozen=True, kw_only=True):
    """What counts as a difference.

    Attributes:
        tolerance_ms: Times and lengths that differ by no more are alike; 0 or more.
        ignored: Names of fields or groups.
        align_by: `content` pairs by id and then by what incidents say; `id` by id only.
        only_confirmed: Leave out incidents that neither run ever confirmed.
    """

    tolerance_ms: int = 0
    ignored: frozenset[str] = frozenset()
    align_by: Align = "content"
    only_confirmed: bool = False

    def __post_init__(self) -> None:
        known = {*FIELDS, *FIELDS.values(), *REST, "counts"}
        wrong = [f"ignore {name}: no such field; {_hint(name, known)}" for name in sorted(self.ignored - known)]
        if self.tolerance_ms < 0:
            wrong.append(f"tolerance {self.tolerance_ms} ms: must be 0 or more")
        if wrong:
            raise ConfigError("\n".join(wrong))

    def counts(self, field: str) -> bool:
        """Whether a difference in this field is one."""
        return field not in self.ignored and FIELDS.get(field, "rest") not in self.ignored


def _hint(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), 1)
    groups = ", ".join(dict.fromkeys([*FIELDS.values(), "counts"]))
    return f"did you mean {near[0]}?" if near else f"a field of an incident, or a group: {groups}"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in a few words.

    Attributes:
        areas: All of them, the most affected first.
        confirmed: Whether it ever was.
    """

    incident_id: str
    opened_at: Instant
    state: str
    severity_peak: str
    operators: tuple[str, ...]
    services: tuple[str, ...]
    areas: tuple[str, ...]
    confirmed: bool


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is said otherwise.

    Attributes:
        field: One of `FIELDS`, or a field of an incident.
        of: Which one, where there are several: an area, a language, a severity.
        a: In the first run; None if it says nothing.
        b: In the second.
        later_seconds: If the field is a time: how much later in the second run; negative is earlier.
        only_a: If the field is a set: what only the first run names.
        only_b: What only the second names.
    """

    group: Group
    field: str
    of: str = ""
    a: str | None = None
    b: str | None = None
    later_seconds: float | None = None
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()


class Paired(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that both runs have.

    Attributes:
        changes: In order of `FIELDS`; none if they say the same.
    """

    a: Listed
    b: Listed
    changes: tuple[Difference, ...] = ()


class CountChange(msgspec.Struct, frozen=True, kw_only=True):
    """How many records of a kind each run published, where that differs."""

    topic: str
    kind: str
    a: int
    b: int


class RunDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two runs.

    Attributes:
        appeared: Incidents of the second run only.
        gone: Incidents of the first run only.
        changed: Incidents of both runs, with differences.
        alike: Incidents of both runs, without differences.
        counts: Notices, failovers, follow-ups, decisions and refusals by kind, where they differ.
    """

    appeared: tuple[Listed, ...] = ()
    gone: tuple[Listed, ...] = ()
    changed: tuple[Paired, ...] = ()
    alike: tuple[Paired, ...] = ()
    counts: tuple[CountChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the runs agree."""
        return not (self.appeared or self.gone or self.changed or self.counts)

    def mirrored(self) -> "RunDiff":
        """The same difference seen from the other run."""
        return RunDiff(
            appeared=self.gone,
            gone=self.appeared,
            changed=tuple(map(_mirrored_pair, self.changed)),
            alike=tuple(map(_mirrored_pair, self.alike)),
            counts=tuple(msgspec.structs.replace(count, a=count.b, b=count.a) for count in self.counts),
        )


def _mirrored_pair(pair: Paired) -> Paired:
    changes = tuple(
        msgspec.structs.replace(
            change,
            a=change.b,
            b=change.a,
            later_seconds=None if change.later_seconds is None else -change.later_seconds,
            only_a=change.only_b,
            only_b=change.only_a,
        )
        for change in pair.changes
    )
    return Paired(a=pair.b, b=pair.a, changes=changes)
