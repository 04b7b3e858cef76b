"""Of what a dashboard is made: queries, panels, pages."""

from typing import NamedTuple


class Query(NamedTuple):
    """One line, or one bundle of lines, of a panel.

    Attributes:
        asked: PromQL, with `{S}` and `[R]`.
        legend: Name of a line, with labels in double braces.
    """

    asked: str
    legend: str


class Panel(NamedTuple):
    """One picture.

    Attributes:
        title: Title of the panel.
        says: What to see in it, and which alert belongs to it.
        unit: Unit of Grafana.
        queries: What it draws.
        kind: `timeseries` or `stat`.
    """

    title: str
    says: str
    unit: str
    queries: tuple[Query, ...]
    kind: str = "timeseries"


class Dashboard(NamedTuple):
    """One page.

    Attributes:
        name: Name of its file and its id.
        title: Title of the page.
        says: What the page is for.
        panels: From left to right, three in a row.
    """

    name: str
    title: str
    says: str
    panels: tuple[Panel, ...]


def quantiles(metric: str, by: str) -> tuple[Query, ...]:
    """Median and 99th percentile of a histogram.

    Args:
        metric: Name of the histogram.
        by: Label of which each value has lines of its own.
    """
    return tuple(
        Query(
            f"histogram_quantile({share}, sum by (le, {by}) (rate({metric}_bucket{{S}}[R])))", f"p{name} {{{{{by}}}}}"
        )
        for share, name in ((0.5, "50"), (0.99, "99"))
    )
