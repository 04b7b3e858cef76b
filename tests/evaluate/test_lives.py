"""An incident's life in few facts, whatever the order in which its revisions come."""

from itertools import permutations

from pipeline.evaluate.sides.lives import life_of
from tests.evaluate.cases import at, incident


def test_a_life_does_not_depend_on_the_order_of_its_revisions() -> None:
    revisions = incident()
    lives = [life_of(rows, at(600)) for rows in permutations(revisions)]
    assert all(life == lives[0] for life in lives)
    assert (lives[0].opened_at, lives[0].confirmed_at) == (at(2), at(4))
    assert lives[0].now == revisions[-1]


def test_what_is_still_open_lasts_to_the_end_of_the_world() -> None:
    life = life_of(incident()[:2], at(600))
    assert life.over_at == at(600)
    assert life.seen_in(at(500), at(510))
    assert not life_of(incident(), at(600)).seen_in(at(500), at(510)), "it was resolved after an hour"


def test_confidence_is_taken_when_the_matter_was_decided() -> None:
    assert life_of(incident(confidence=(100_000, 700_000, 990_000)), at(600)).confidence_ppm == 700_000
    dropped = life_of(incident(confirmed=None, confidence=(300_000, 0)), at(600))
    assert dropped.dismissed
    assert dropped.confidence_ppm == 300_000, "what the drop itself says is no forecast"


def test_only_a_beginning_within_a_stretch_begins_in_it() -> None:
    life = life_of(incident(opened=2, confirmed=40), at(600))
    assert life.begun_at(at(0), at(10)) == at(2)
    assert life.begun_at(at(30), at(50)) == at(40), "an older suspicion counts from its confirmation"
    assert life.begun_at(at(41), at(50)) is None
    assert life.confirmed_since(at(41)) is None
