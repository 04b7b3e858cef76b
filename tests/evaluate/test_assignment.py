"""The best assignment, against trying them all."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.judging.assignment import assign

Weights = list[list[int | None]]
_WEIGHT = st.none() | st.integers(1, 30)
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(st.lists(_WEIGHT, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def total(weights: Weights, taken: list[int | None]) -> int:
    return sum(weights[row][column] or 0 for row, column in enumerate(taken) if column is not None)


def best_of_all(weights: Weights) -> int:
    columns: list[int | None] = [*range(len(weights[0])), *[None] * len(weights)]
    return max(total(weights, list(taken)) for taken in permutations(columns, len(weights)))


@given(weights=TABLES)
def test_no_other_assignment_has_more(weights: Weights) -> None:
    taken = assign(weights)
    used = [column for column in taken if column is not None]
    assert len(used) == len(set(used)), "a column is given once"
    assert all(weights[row][column] is not None for row, column in enumerate(taken) if column is not None)
    assert total(weights, taken) == best_of_all(weights)


def test_greedy_would_lose_a_pair() -> None:
    assert assign([[1_000_009, 1_000_008], [1_000_005, None]]) == [1, 0]


def test_nothing_to_assign() -> None:
    assert assign([]) == []
    assert assign([[None, None], [None, None]]) == [None, None]
