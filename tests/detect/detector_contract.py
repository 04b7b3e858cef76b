"""What every detector must keep: the laws, over each row of the registry and each stream of a kind that it judges.

The laws are those that users feel: a detector that answers 0 while it learns calls an
unknown normal; one that needs its neighbours cannot be moved; one whose memory
grows stops the process one day.

A row that is added is tried on the streams of its kinds without a line here. A `Listener` does what
DETECT does: it makes the detector anew around its state for each step, and counts the
exposure that the series of a source share.
"""

import copy
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Family, SeriesKind, Verdict
from pipeline.detect.detectors.remembered import Exposure
from pipeline.detect.detectors.river_edge import RiverFace
from pipeline.records.clocks import DAY_MS, MINUTE_MS

CONFIG = DetectConfig()
KEEP_PER_DAY = 0.5 ** (1.0 / CONFIG.half_life_days)
START = 1_736_121_600_000


def poisson(rng: random.Random, mean: float) -> int:
    """A count by chance, Knuth's way."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


class Observed(NamedTuple):
    """What a step of a series brought."""

    value: float
    at: int
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind of series, well and in an outage.

    Attributes:
        name: Names it.
        kind: As a row of the registry says what it judges.
        unit: Of the values.
        usual: A value when all is well.
        unusual: A value in an outage.
        has_unit: False for counts of pieces, where a thousand complaints are not one complaint in another unit,
            and for ratios, which have none.
    """

    name: str
    kind: SeriesKind
    unit: str
    usual: Callable[[random.Random], float]
    unusual: Callable[[random.Random], float]
    has_unit: bool = False

    def steps(self, seed: int, minutes: int, outage_from: int | None = None) -> list[Observed]:
        """Steps of a minute."""
        rng = random.Random(seed)
        taken = []
        for minute in range(minutes):
            well = outage_from is None or minute < outage_from
            value = self.usual(rng) if well else self.unusual(rng)
            taken.append(Observed(value, START + (minute + 1) * MINUTE_MS))
        return taken


STREAMS = (
    Stream(
        name="two_complaints_a_minute_and_twelve",
        kind="people",
        unit="count",
        usual=lambda rng: poisson(rng, 2.0),
        unusual=lambda rng: poisson(rng, 12.0),
    ),
    Stream(
        name="two_failures_a_minute_and_twelve",
        kind="metered",
        unit="count",
        usual=lambda rng: poisson(rng, 2.0),
        unusual=lambda rng: poisson(rng, 12.0),
    ),
    Stream(
        name="eight_attempts_a_minute_and_none",
        kind="metered",
        unit="count",
        usual=lambda rng: poisson(rng, 8.0),
        unusual=lambda rng: 0.0 * rng.random(),
    ),
    Stream(
        name="latency_with_a_long_tail_and_three_times_it",
        kind="measured",
        unit="ms",
        usual=lambda rng: rng.lognormvariate(3.0, 0.2),
        unusual=lambda rng: 3.0 * rng.lognormvariate(3.0, 0.2),
        has_unit=True,
    ),
    Stream(
        name="signal_strength_and_15_db_less",
        kind="measured",
        unit="dbm",
        usual=lambda rng: rng.gauss(-90.0, 1.5),
        unusual=lambda rng: rng.gauss(-105.0, 1.5),
        has_unit=True,
    ),
    Stream(
        name="success_of_all_attempts_but_five_in_a_thousand_and_of_60_percent",
        kind="measured",
        unit="ratio",
        usual=lambda rng: min(1.0, rng.gauss(0.995, 0.003)),
        unusual=lambda rng: rng.gauss(0.6, 0.02),
    ),
)
FLAT_VALUES = (0.0, 1.0, 0.1, 37.0)


class Listener:
    """A detector and its state, in the hands of a DETECT of one series."""

    def __init__(self, row: Family, stream: Stream) -> None:
        self._row, self._unit = row, stream.unit
        self._make = row.prepare(CONFIG)
        self.state = row.state()
        self._shares = stream.kind == "people"
        self._exposure: Exposure | None = None

    def step(self, observed: Observed) -> Verdict | None:
        """One step."""
        middle = observed.at - MINUTE_MS // 2
        if self._shares and self._exposure is None:
            self._exposure = Exposure(began=observed.at - MINUTE_MS, day=middle // DAY_MS)
        if self._exposure is not None:
            self._exposure.discount(middle // DAY_MS, KEEP_PER_DAY)
        verdict = self._make(self.state, self._unit, self._exposure).step(*observed)
        if self._exposure is not None:
            self._exposure.advance(middle)
        return verdict

    def run(self, steps: list[Observed]) -> list[Verdict | None]:
        """Verdicts of a stream."""
        return [self.step(observed) for observed in steps]

    def restart(self) -> None:
        """Write the state as bytes, and go on from them."""
        self.state = decode_slot(encode_slot(self.state), self._row.state)

    @property
    def state_bytes(self) -> int:
        """Size of the state in a snapshot."""
        return len(encode_slot(self.state, 1))


class Case(NamedTuple):
    """A row of the registry on a stream of a kind that it judges."""

    row: Family
    stream: Stream

    def listener(self) -> Listener:
        """A detector that has heard nothing."""
        return Listener(self.row, self.stream)

    @property
    def name(self) -> str:
        """Names the case in a report of tests."""
        return f"{self.row.name}-{self.stream.name}"


def cases_of(detectors: tuple[Family, ...]) -> list[Case]:
    """All rows on all streams of the kinds that they judge."""
    return [Case(row, stream) for row in detectors for stream in STREAMS if stream.kind in row.judges]


def alarms_of(verdicts: list[Verdict | None]) -> list[int]:
    """Numbers of the steps that alarmed."""
    return [minute for minute, verdict in enumerate(verdicts) if verdict is not None and verdict.alarm]


class DetectorContract:
    """The laws. A subclass `Test...` is parametrized with cases; pytest runs each law on each of them."""

    def test_state_survives_encoding_mid_stream_to_the_bit(self, case: Case) -> None:
        steps = case.stream.steps(4, 2_600, outage_from=2_500)
        whole, broken = case.listener().run(steps), case.listener()
        got = []
        for number, observed in enumerate(steps):
            if number % 97 == 50:
                broken.restart()
            got.append(broken.step(observed))
        assert got == whole

    def test_series_do_not_hear_each_other(self, case: Case) -> None:
        first, second = case.listener(), case.listener()
        quiet, loud = case.stream.steps(5, 2_000), case.stream.steps(6, 2_000, outage_from=1_000)
        together = []
        for mine, other in zip(quiet, loud, strict=True):
            together.append(first.step(mine))
            second.step(other)
        assert together == case.listener().run(quiet)

    def test_memory_is_bounded(self, case: Case) -> None:
        listener = case.listener()
        listener.run(case.stream.steps(7, 10 * 1_440))
        after_ten_days = listener.state_bytes
        listener.run([seen._replace(at=seen.at + 10 * DAY_MS) for seen in case.stream.steps(8, 4 * 1_440)])
        assert listener.state_bytes <= max(after_ten_days + 64, 4_096)
        assert after_ten_days <= 4_096

    def test_no_verdict_before_warm_up(self, case: Case) -> None:
        verdicts = case.listener().run(case.stream.steps(9, 1_439))
        assert verdicts == [None] * len(verdicts)

    def test_a_verdict_after_warm_up(self, case: Case) -> None:
        assert None not in case.listener().run(case.stream.steps(10, 2_000))[1_500:]

    def test_a_flat_line_never_alarms(self, case: Case) -> None:
        for value in FLAT_VALUES:
            steps = [Observed(value, START + (minute + 1) * MINUTE_MS) for minute in range(5 * 1_440)]
            assert alarms_of(case.listener().run(steps)) == [], f"flat at {value} alarms"

    def test_units_do_not_change_the_verdict(self, case: Case) -> None:
        if not case.stream.has_unit:
            return
        steps = case.stream.steps(11, 2_000, outage_from=1_900)
        scaled = [observed._replace(value=observed.value * 1_000) for observed in steps]
        alarms = alarms_of(case.listener().run(steps))
        assert alarms
        assert alarms == alarms_of(case.listener().run(scaled))

    def test_same_seed_same_verdicts(self, case: Case) -> None:
        steps = case.stream.steps(12, 2_000, outage_from=1_900)
        assert case.listener().run(steps) == case.listener().run(steps)

    def test_an_outage_is_found_within_five_minutes(self, case: Case) -> None:
        alarms = alarms_of(case.listener().run(case.stream.steps(13, 3_000, outage_from=2_900)))
        assert alarms, "an outage must not be missed"
        assert 2_900 <= alarms[0] < 2_905

    def test_the_end_of_an_outage_is_seen_within_a_quarter_of_an_hour(self, case: Case) -> None:
        steps = case.stream.steps(15, 3_060, outage_from=3_000)
        steps += [seen._replace(at=seen.at + 3_060 * MINUTE_MS) for seen in case.stream.steps(16, 60)]
        alarms = alarms_of(case.listener().run(steps))
        assert sum(3_000 <= minute < 3_060 for minute in alarms) >= 50
        assert not [minute for minute in alarms if minute >= 3_075]

    def test_a_new_level_becomes_normal_within_two_days(self, case: Case) -> None:
        alarms = alarms_of(case.listener().run(case.stream.steps(14, 4 * 1_440, outage_from=2 * 1_440)))
        assert len([minute for minute in alarms if minute >= 4 * 1_440 - 60]) <= 5


class RiverContract:
    """What a detector keeps under River's interface, which asks and learns apart."""

    def _face(self, case: Case) -> tuple[RiverFace, list[dict[Any, Any]]]:
        steps = case.stream.steps(1, 2_000, outage_from=1_900)
        return RiverFace(case.row, CONFIG, case.stream.unit), [observed._asdict() for observed in steps]

    def test_input_is_not_changed(self, case: Case) -> None:
        face, steps = self._face(case)
        for x in steps:
            before = copy.deepcopy(x)
            face.judge_one(x)
            face.learn_one(x)
            assert x == before

    def test_judging_changes_nothing_and_says_what_a_step_will(self, case: Case) -> None:
        face, steps = self._face(case)
        make, state = case.row.prepare(CONFIG), case.row.state()
        for x in steps:
            judged = face.judge_one(x)
            assert judged == face.judge_one(x)
            face.learn_one(x)
            assert judged == make(state, case.stream.unit, None).step(x["value"], x["at"])

    def test_score_is_the_verdicts_surprise_and_none_without_one(self, case: Case) -> None:
        face, steps = self._face(case)
        for x in steps:
            verdict = face.judge_one(x)
            assert face.score_one(x) == (None if verdict is None else verdict.surprise)
            face.learn_one(x)
