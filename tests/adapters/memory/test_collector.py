"""A replay lets the cycle collector come seldom, and only as long as it lasts."""

import gc

import pytest

from pipeline.adapters.stages.collector import ONCE_A_BATCH, collecting_seldom


def test_the_collector_comes_seldom_for_as_long_as_asked() -> None:
    before = gc.get_threshold()
    with collecting_seldom():
        assert gc.get_threshold() == ONCE_A_BATCH
        assert gc.get_freeze_count(), "what was there before is not looked at"
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_what_a_process_froze_for_ever_stays_frozen_after_a_replay() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        with collecting_seldom():
            assert gc.get_freeze_count() > frozen // 2
        assert gc.get_freeze_count() > frozen // 2, "some die meanwhile, none are let go"
    finally:
        gc.unfreeze()


def test_a_replay_that_fails_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="damaged"), collecting_seldom():
        raise ValueError("damaged")
    assert gc.get_threshold() == before
