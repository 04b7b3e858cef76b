"""The best one-to-one assignment of rows to columns, the same one on every machine.

Greedy matching takes the pair that looks best and may leave two outages with
one incident between them. The Hungarian method finds the greatest total.
"""

from collections.abc import Sequence
from typing import Final

_FAR: Final = 1 << 62


def assign(weights: Sequence[Sequence[int | None]]) -> list[int | None]:
    """Give each row at most one column, so that the sum of the weights is greatest.

    Args:
        weights: One row each; a positive weight, or None where the pair is not allowed. Each weight so much
            greater than any difference between two that one more pair always wins gives most pairs first.

    Returns:
        For each row its column, or None. Ties go to the earlier column.

    Source:
        H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955), 83-97, with potentials, O(rows^2 x columns).

    >>> assign([[5, 4], [4, None]])
    [1, 0]
    >>> assign([[None, None]])
    [None]
    """
    rows = len(weights)
    columns = len(weights[0]) if rows else 0
    costs = [[-(weight or 0) for weight in row] + [0] * rows for row in weights]
    taken = _hungarian(costs)
    return [
        column if column < columns and weights[row][column] is not None else None for row, column in enumerate(taken)
    ]


def _hungarian(costs: Sequence[Sequence[int]]) -> list[int]:
    """Columns of least cost for each row; at least as many columns as rows."""
    rows, columns = len(costs), len(costs[0]) if costs else 0
    row_price, column_price = [0] * (rows + 1), [0] * (columns + 1)
    owner = [0] * (columns + 1)  # row of each column, from 1; column 0 holds the row that looks for one
    for row in range(1, rows + 1):
        owner[0] = row
        way = _cheapest_way(costs, owner, row_price, column_price)
        column = way[0]
        for before in way[1:]:
            owner[column] = owner[before]
            column = before
    found = [0] * rows
    for column, row in enumerate(owner[1:]):
        if row:
            found[row - 1] = column
    return found


def _cheapest_way(
    costs: Sequence[Sequence[int]], owner: list[int], row_price: list[int], column_price: list[int]
) -> list[int]:
    """From a free column back to column 0, whose owner looks for one; changes the prices (Dijkstra's search)."""
    columns = len(column_price) - 1
    least, came_from, used = [_FAR] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    column = 0
    while owner[column]:
        used[column] = True
        row = owner[column]
        for other in range(1, columns + 1):
            reduced = costs[row - 1][other - 1] - row_price[row] - column_price[other]
            if not used[other] and reduced < least[other]:
                least[other], came_from[other] = reduced, column
        step, column = min((least[other], other) for other in range(1, columns + 1) if not used[other])
        for other in range(columns + 1):
            if used[other]:
                row_price[owner[other]] += step
                column_price[other] -= step
            else:
                least[other] -= step
    way = [column]
    while column:
        column = came_from[column]
        way.append(column)
    return way
