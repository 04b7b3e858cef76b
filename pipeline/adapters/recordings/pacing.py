"""How fast a recording is played: event time per time."""

from pipeline.records.errors import ConfigError


def parse_speed(text: str) -> float | None:
    """Read a speed.

    Args:
        text: `max`, or seconds of event time in one second, above 0: `1`, `60`, `0.5x`.

    Returns:
        The number; None for `max`.

    Raises:
        ConfigError: If it is neither.

    >>> parse_speed("max"), parse_speed("10x")
    (None, 10.0)
    """
    if text == "max":
        return None
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ConfigError(f"--speed {text}: must be a number above 0, or max; 1 is as it happened")
    return speed
