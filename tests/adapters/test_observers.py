"""Observers: one base that does nothing, and several that hear as one."""

import inspect
from typing import Any

import pytest

from pipeline.adapters.observing.logs import LoggingObserver
from pipeline.adapters.observing.metrics.counting import Metrics
from pipeline.adapters.observing.metrics.held import HeldGauges
from pipeline.adapters.observing.observer import FACTS, Observer
from pipeline.adapters.observing.together import Together
from pipeline.adapters.web.health import Health


def recorder(heard: list[tuple[Any, ...]], name: str, facts: tuple[str, ...]) -> Observer:
    """An observer that hears some facts and writes them down."""

    def hearer(fact: str) -> Any:
        return lambda _self, *said: heard.append((name, fact, *said))

    kind = type("Recorder", (Observer,), {fact: hearer(fact) for fact in facts})
    observer = kind()
    assert isinstance(observer, Observer)
    return observer


def test_there_are_facts() -> None:
    assert {"consumed", "committed", "clock", "skipped", "alive"} <= set(FACTS)


@pytest.mark.parametrize("fact", FACTS)
def test_all_hear_each_fact_in_their_order(fact: str) -> None:
    heard: list[tuple[Any, ...]] = []
    together = Together(recorder(heard, "a", FACTS), Observer(), recorder(heard, "b", FACTS))
    count = len(inspect.signature(getattr(Observer, fact)).parameters) - 1
    said = [f"argument {number}" for number in range(count)]
    getattr(together, fact)(*said)
    assert heard == [("a", fact, *said), ("b", fact, *said)]


def test_who_does_not_hear_a_fact_is_not_asked() -> None:
    heard: list[tuple[Any, ...]] = []
    together = Together(recorder(heard, "a", ("alive",)))
    together.clock("telemetry", 0, 5)
    together.alive("ingest")
    assert heard == [("a", "alive", "ingest")]


@pytest.mark.parametrize("kind", [LoggingObserver, Metrics, HeldGauges, Health])
def test_an_observer_takes_what_the_base_takes(kind: type[Observer]) -> None:
    for fact in FACTS:
        expected = list(inspect.signature(getattr(Observer, fact)).parameters)
        assert list(inspect.signature(getattr(kind, fact)).parameters) == expected, fact
