"""Several observers as one: metrics, health and log all hear the same."""

from collections.abc import Callable

from pipeline.adapters.observing.observer import FACTS, Observer


class Together(Observer):
    """Passes every fact on, in order, to those observers that do something with it.

    Args:
        observers: Who hears it.
    """

    def __init__(self, *observers: Observer) -> None:
        for fact in FACTS:
            deaf = getattr(Observer, fact)
            hearers = [getattr(observer, fact) for observer in observers if getattr(type(observer), fact) is not deaf]
            setattr(self, fact, _to_all(hearers))


def _to_all(hearers: list[Callable[..., None]]) -> Callable[..., None]:
    def pass_on(*fact: object) -> None:
        for hear in hearers:
            hear(*fact)

    return pass_on
