"""What an operator's own posts have taught, as a process tells it: in force or not, until which day, frozen or not."""

from collections.abc import Iterator, Mapping

import structlog

from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families
from pipeline.records.clocks import DAY_MS, format_instant
from pipeline.reference.learnt.corrections import Corrections


def state_of(corrections: Corrections) -> str:
    """Whether corrections are used, in words; the rest of a sentence that names the language."""
    day = format_instant(corrections.until_day * DAY_MS)[:10]
    state = "in force" if corrections.are_in_force else "not in force"
    drifted = f", forgotten {corrections.drifts} times as they drifted" if corrections.drifts else ""
    return f"{state}, {corrections.lessons} lessons until {day}{drifted}"


def lines_of(learnt: Mapping[str, Corrections], *, frozen: bool) -> Iterator[str]:
    """A line for each language with corrections.

    Args:
        learnt: By language.
        frozen: They are kept as they are.
    """
    for code, corrections in sorted(learnt.items()):
        yield f"corrections {code}: {state_of(corrections)}{', frozen' if frozen else ''}"


def tell(learnt: Mapping[str, Corrections], families: Families, *, frozen: bool) -> None:
    """Log and count what a process that reads texts begins with; nothing where nothing was learnt.

    Args:
        learnt: By language.
        families: Hold the gauges.
        frozen: They are kept as they are.
    """
    log = structlog.get_logger("tocsin")
    for line in lines_of(learnt, frozen=frozen):
        log.info("corrections", said=line)
    for code, corrections in learnt.items():
        families.gauge(d.CORRECTIONS_IN_FORCE).labels(code).set(corrections.are_in_force)
        families.gauge(d.CORRECTIONS_UNTIL).labels(code).set(corrections.until_day * DAY_MS / 1_000)
        families.gauge(d.CORRECTIONS_FROZEN).labels(code).set(frozen)
