"""`tocsin config show|check|example`: what is set, and where it was said."""

from typing import Annotated

import typer

from pipeline.adapters.cli.options import Form, Sets, SettingsFile, loaded_for_kafka, loaded_from
from pipeline.adapters.cli.terminal import Format, Terminal


def show(
    settings: SettingsFile = None,
    sets: Sets = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not a default.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Show every setting, its value and its origin; secrets stay masked."""
    from pipeline.adapters.settings import values_of

    terminal = Terminal(form)
    loaded = loaded_from(settings, sets)
    rows = [("setting", "value", "from")]
    for name, value in values_of(loaded.settings):
        origin = loaded.origin_of(name)
        if not changed or origin != "default":
            terminal.data({"setting": name, "value": _plain(value), "from": origin})
            rows.append((name, str(_plain(value)), origin))
    terminal.table(rows)


def check(settings: SettingsFile = None, sets: Sets = None, form: Form = Format.TABLE) -> None:
    """Check settings and reference files; all mistakes at once, 2 if there are any."""
    from pipeline.adapters.compose import Parts
    from pipeline.adapters.observing.learnt import lines_of

    terminal = Terminal(form)
    loaded = loaded_for_kafka(settings, sets)
    parts = Parts(loaded.settings, lambda: 0)
    parts.ingest()
    ruleset = parts.correlate().ruleset
    if loaded.settings.uses_development_key():
        terminal.say("privacy.hash_key is the development key: set your own before you go live")
    learnt = list(lines_of(parts.corrections(), frozen=loaded.settings.reference.learnt_frozen))
    terminal.data({"ok": True, "ruleset": ruleset, "set": sorted(loaded.origins), "learnt": learnt})
    terminal.text("\n".join([f"settings and reference are in order; ruleset {ruleset}", *learnt]))


def example() -> None:
    """Write a settings file with every setting at its default."""
    from pipeline.adapters.settings.example import example as text_of_example

    Terminal().text(text_of_example().rstrip("\n"))


def metrics() -> None:
    """List every metric that a process serves, as Markdown: docs/metrics.md."""
    from pipeline.adapters.observing.metrics.catalogue import catalogue

    Terminal().text(catalogue().rstrip("\n"))


def _plain(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return value if isinstance(value, str | int | float | bool | dict | tuple | None) else str(value)
