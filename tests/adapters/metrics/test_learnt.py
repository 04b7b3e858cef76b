"""What a process says of corrections when it starts: in force or not, until which day, frozen or not."""

from pipeline.adapters.observing.learnt import lines_of, tell
from pipeline.adapters.observing.metrics.families import Families
from pipeline.reference.learnt.corrections import Corrections

LEARNT = {"en": Corrections(1, 20_000, 400, 500, 400), "de": Corrections(1, 20_001, 400, 400, 500, drifts=2)}


def test_each_language_is_told_whether_its_corrections_are_used() -> None:
    assert list(lines_of(LEARNT, frozen=True)) == [
        "corrections de: not in force, 400 lessons until 2024-10-05, forgotten 2 times as they drifted, frozen",
        "corrections en: in force, 400 lessons until 2024-10-04, frozen",
    ]


def test_gauges_tell_it_too_and_say_nothing_where_nothing_was_learnt() -> None:
    families = Families("ingest")
    tell({}, families, frozen=False)
    assert families.registry.get_sample_value("tocsin_corrections_in_force", {"language": "en"}) is None
    tell(LEARNT, families, frozen=False)
    told = {
        (name, code): families.registry.get_sample_value(f"tocsin_corrections_{name}", {"language": code})
        for name in ("in_force", "until_timestamp_seconds", "frozen")
        for code in LEARNT
    }
    assert (told["in_force", "en"], told["in_force", "de"], told["frozen", "en"]) == (1, 0, 0)
    assert told["until_timestamp_seconds", "en"] == 20_000 * 86_400
