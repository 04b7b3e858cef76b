"""What every detector must keep: subclass `DetectorContract` and say how to make one.

The laws are those that users feel: a detector that answers 0 while it learns calls an
unknown normal; one that needs its neighbours cannot be moved; one whose memory
grows stops the process one day.
"""

import copy
import random
from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, ClassVar

import msgspec

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.verdicts import Detector, Verdict
from pipeline.records.clocks import DAY_MS, MINUTE_MS

CONFIG = DetectConfig()
START = 1_736_121_600_000
X = dict[Hashable, Any]


class DetectorContract(ABC):
    """The laws. A subclass `Test...` names a detector; pytest runs all of them on it."""

    has_unit: ClassVar[bool] = True
    """False for counts of pieces: a thousand complaints are not one complaint in another unit."""

    flat_values: ClassVar[tuple[float, ...]] = (0.0, 1.0, 0.1, 37.0)

    @abstractmethod
    def make(self) -> Detector:
        """A new detector."""

    @abstractmethod
    def state_of(self, detector: Detector) -> msgspec.Struct:
        """All that it remembers."""

    @abstractmethod
    def resume(self, state: msgspec.Struct) -> Detector:
        """A detector that remembers this."""

    @abstractmethod
    def usual(self, rng: random.Random) -> float:
        """A value when all is well."""

    @abstractmethod
    def unusual(self, rng: random.Random) -> float:
        """A value in an outage."""

    def stream(self, seed: int, minutes: int, outage_from: int | None = None) -> list[X]:
        """Steps of a minute."""
        rng = random.Random(seed)
        return [
            {"value": self._value(rng, minute, outage_from), "at": START + (minute + 1) * MINUTE_MS, "weight": 1}
            for minute in range(minutes)
        ]

    def _value(self, rng: random.Random, minute: int, outage_from: int | None) -> float:
        outage = outage_from is not None and minute >= outage_from
        return self.unusual(rng) if outage else self.usual(rng)

    def run(self, detector: Detector, steps: list[X]) -> list[Verdict | None]:
        """Verdicts of a stream."""
        return [detector.step(x) for x in steps]

    def test_input_is_not_changed(self) -> None:
        detector = self.make()
        for x in self.stream(1, 3_000, outage_from=2_900):
            before = copy.deepcopy(x)
            detector.judge_one(x)
            detector.learn_one(x)
            assert x == before

    def test_judging_changes_nothing(self) -> None:
        detector, twin, steps = self.make(), self.make(), self.stream(2, 2_000, outage_from=1_900)
        for x in steps:
            judged = detector.judge_one(x)
            assert judged == detector.judge_one(x)
            assert judged == detector.step(x) == twin.step(x)

    def test_score_is_the_verdicts_surprise_and_none_without_one(self) -> None:
        detector, steps = self.make(), self.stream(3, 1_600)
        for x in steps:
            verdict = detector.judge_one(x)
            assert detector.score_one(x) == (None if verdict is None else verdict.surprise)
            detector.learn_one(x)

    def test_state_survives_encoding_mid_stream_to_the_bit(self) -> None:
        detector, steps = self.make(), self.stream(4, 2_600, outage_from=2_500)
        whole = self.run(self.make(), steps)
        got: list[Verdict | None] = []
        for number, x in enumerate(steps):
            if number % 97 == 50:
                state = self.state_of(detector)
                data = msgspec.msgpack.encode(state)
                detector = self.resume(msgspec.msgpack.decode(data, type=type(state)))
            got.append(detector.step(x))
        assert got == whole

    def test_series_do_not_hear_each_other(self) -> None:
        first, second, alone = self.make(), self.make(), self.make()
        quiet, loud = self.stream(5, 2_000), self.stream(6, 2_000, outage_from=1_000)
        together = []
        for mine, other in zip(quiet, loud, strict=True):
            together.append(first.step(mine))
            second.step(other)
        assert together == self.run(alone, quiet)

    def test_memory_is_bounded(self) -> None:
        detector = self.make()
        self.run(detector, self.stream(7, 10 * 1_440))
        after_ten_days = len(msgspec.msgpack.encode(self.state_of(detector)))
        self.run(detector, [x | {"at": x["at"] + 10 * DAY_MS} for x in self.stream(8, 4 * 1_440)])
        assert len(msgspec.msgpack.encode(self.state_of(detector))) <= max(after_ten_days + 64, 4_096)
        assert after_ten_days <= 4_096

    def test_no_verdict_before_warm_up(self) -> None:
        verdicts = self.run(self.make(), self.stream(9, 1_439))
        assert verdicts == [None] * len(verdicts)

    def test_a_verdict_after_warm_up(self) -> None:
        assert None not in self.run(self.make(), self.stream(10, 2_000))[1_500:]

    def test_a_flat_line_never_alarms(self) -> None:
        for value in self.flat_values:
            detector = self.make()
            steps: list[X] = [
                {"value": value, "at": START + (minute + 1) * MINUTE_MS, "weight": 1} for minute in range(5 * 1_440)
            ]
            verdicts = self.run(detector, steps)
            assert not any(verdict is not None and verdict.alarm for verdict in verdicts), f"flat at {value} alarms"

    def test_units_do_not_change_the_verdict(self) -> None:
        if not self.has_unit:
            return
        steps = self.stream(11, 2_000, outage_from=1_900)
        scaled = [x | {"value": x["value"] * 1_000} for x in steps]
        alarms = [verdict is not None and verdict.alarm for verdict in self.run(self.make(), steps)]
        assert alarms == [verdict is not None and verdict.alarm for verdict in self.run(self.make(), scaled)]
        assert any(alarms)

    def test_same_seed_same_verdicts(self) -> None:
        steps = self.stream(12, 2_000, outage_from=1_900)
        assert self.run(self.make(), steps) == self.run(self.make(), copy.deepcopy(steps))

    def test_an_outage_is_found_within_five_minutes(self) -> None:
        verdicts = self.run(self.make(), self.stream(13, 3_000, outage_from=2_900))
        alarms = [minute for minute, verdict in enumerate(verdicts) if verdict is not None and verdict.alarm]
        assert alarms, "an outage must not be missed"
        assert 2_900 <= alarms[0] < 2_905

    def test_the_end_of_an_outage_is_seen_within_a_quarter_of_an_hour(self) -> None:
        rng = random.Random(15)
        steps = self.stream(15, 3_060, outage_from=3_000)
        steps += [x | {"value": self.usual(rng), "at": x["at"] + 3_060 * MINUTE_MS} for x in self.stream(16, 60)]
        verdicts = self.run(self.make(), steps)
        alarms = [minute for minute, verdict in enumerate(verdicts) if verdict is not None and verdict.alarm]
        assert sum(3_000 <= minute < 3_060 for minute in alarms) >= 50
        assert not [minute for minute in alarms if minute >= 3_075]

    def test_a_new_level_becomes_normal_within_two_days(self) -> None:
        verdicts = self.run(self.make(), self.stream(14, 4 * 1_440, outage_from=2 * 1_440))
        last = verdicts[-60:]
        assert sum(verdict is not None and verdict.alarm for verdict in last) <= 5
