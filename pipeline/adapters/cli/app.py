"""The commands of `tocsin`, all on one screen."""

from collections.abc import Callable
from typing import Any

import typer

from pipeline.adapters.cli import replay, simulate
from pipeline.adapters.cli.exits import with_exit_codes

_HELP = "Hears an outage before the call centre does: telemetry, tickets and mentions in, incidents out."
_EXITS = "Exit codes: 0 ok, 1 finding or difference, 2 usage or settings, 3 no connection, 70 infrastructure failure."


def _app(text: str, *examples: str) -> typer.Typer:
    return typer.Typer(
        help=text,
        epilog=_epilog(*examples),
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _epilog(*examples: str) -> str:
    return "\n\n".join([*(f"$ {example}" for example in examples), _EXITS])


def _add(app: typer.Typer, name: str, command: Callable[..., None], *examples: str) -> None:
    app.command(name, epilog=_epilog(*examples))(with_exit_codes(command))


app = _app(_HELP, "tocsin demo", "tocsin replay may.jsonl.zst", "tocsin run may.jsonl.zst --speed 60")
_add(app, "demo", replay.demo, "tocsin demo", "tocsin demo -o /tmp/demo")
_add(
    app,
    "replay",
    replay.replay,
    "tocsin replay may.jsonl.zst -o runs/may",
    "tocsin replay may.jsonl.zst --speed 60 --until 2025-02-12T12:00:00Z",
    "tocsin replay may.jsonl.zst --format json | jq .severity",
)
_add(
    app,
    "simulate",
    simulate.simulate,
    "tocsin simulate --list",
    "tocsin simulate netcologne-2025 --seed 7 --days 2 -o world.jsonl.zst",
)


def main() -> Any:
    """Run the command line."""
    return app(prog_name="tocsin")
