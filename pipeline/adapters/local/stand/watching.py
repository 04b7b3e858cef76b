"""Prometheus and Alertmanager of the stand: the rules and routes of deploy/, with the stand's own addresses.

Configurations are written as JSON, which is YAML, too. A minute of the rules may take
fewer seconds, so that a drill is over before one looks away.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.adapters.local.programs import UNPACKED, find_program
from pipeline.adapters.local.stand.place import Stand
from pipeline.adapters.local.supervisor import Program
from pipeline.adapters.shipped import ROOT

RULES: Final = ROOT / "deploy" / "prometheus" / "rules"
ROUTES: Final = ROOT / "deploy" / "prometheus" / "alertmanager.yml"
SCRAPE_MS_MAX, SCRAPE_MS_MIN = 15_000, 500
_MINUTES: Final = {"m": 1, "h": 60, "d": 1_440}
_SHARE: Final = UNPACKED.parent / "share"
_ASSETS: Final = Path("prometheus") / "web"
_TEMPLATES: Final = Path("prometheus") / "alertmanager" / "default.tmpl"
_DEBIAN: Final = Path("/usr/share")
"""Where Debian's programs look for their own files; ours were unpacked elsewhere."""


def hastened(rules: str, minute_seconds: int) -> str:
    """The same rules with a shorter minute: windows, waits, and thresholds that are written as minutes times 60.

    Args:
        rules: Text of a file of rules.
        minute_seconds: Seconds that a minute takes, 1 to 60.

    >>> hastened("expr: time() - x > 15 * 60 and y[2h]", 1)
    'expr: time() - x > 15 * 1 and y[120s]'
    >>> hastened("for: 5m", 6)
    'for: 30s'
    """

    def seconds(found: re.Match[str]) -> str:
        return f"{int(found[1]) * _MINUTES[found[2]] * minute_seconds}s"

    rules = re.sub(r"\[(\d+)([mhd])\]", lambda found: f"[{seconds(found)}]", rules)
    rules = re.sub(r"\bfor: (\d+)([mhd])", lambda found: f"for: {seconds(found)}", rules)
    return re.sub(r"\* 60\b", f"* {minute_seconds}", rules)


def scrape_interval(minute_seconds: int) -> str:
    """How often Prometheus looks: every 15 s, or oftener if a minute is shorter."""
    return f"{max(SCRAPE_MS_MIN, SCRAPE_MS_MAX * minute_seconds // 60)}ms"


def write_configuration(stand: Stand) -> None:
    """Write what Prometheus reads: addresses, and the rules beside it."""
    folder = Path(stand.folder)
    (folder / "rules").mkdir()
    for path in RULES.glob("*.yml"):
        text = path.read_text("utf-8")
        text = text if stand.minute_seconds == 60 else hastened(text, stand.minute_seconds)
        (folder / "rules" / path.name).write_text(text, "utf-8")
    often = scrape_interval(stand.minute_seconds)
    configuration = {
        "global": {
            "scrape_interval": often,
            "scrape_timeout": often,
            "evaluation_interval": often,
            "external_labels": {"runbooks": f"http://{stand.page}/runbooks"},
        },
        "rule_files": ["rules/*.yml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [stand.alertmanager]}]}]},
        "scrape_configs": [{"job_name": "tocsin", "static_configs": [{"targets": list(stand.stages.values())}]}],
    }
    if not stand.alertmanager:
        del configuration["alerting"]
    (folder / "prometheus.yml").write_text(json.dumps(configuration, indent=1), "utf-8")


def watching_programs(stand: Stand) -> Iterator[Program]:
    """What watches: Prometheus, and Alertmanager where it can run."""
    folder = Path(stand.folder)
    pages = _SHARE / _ASSETS
    yield Program(
        name="prometheus",
        command=(
            str(find_program("prometheus")),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address={stand.prometheus}",
            "--log.level=error",
            *((f"--web.local-assets={pages}/",) if pages.is_dir() else ()),
        ),
    )
    if stand.alertmanager:
        yield Program(
            name="alertmanager",
            command=(
                *(_inside() or ()),
                str(find_program("prometheus-alertmanager")),
                f"--config.file={ROUTES}",
                f"--storage.path={folder / 'alertmanager'}",
                f"--web.listen-address={stand.alertmanager}",
                "--cluster.listen-address=",
                "--log.level=error",
            ),
        )


def can_route() -> bool:
    """Whether Alertmanager can run here: its templates must lie where Debian's program looks for them."""
    return _inside() is not None


def _inside() -> tuple[str, ...] | None:
    """What must stand before Alertmanager, so that it finds its templates; None if it cannot."""
    if (_DEBIAN / _TEMPLATES).is_file():
        return ()
    if not (_SHARE / _TEMPLATES).is_file():
        return None
    share = ("--dev-bind", "/", "/", "--ro-bind", str(_SHARE.resolve()), str(_DEBIAN))
    words = (str(find_program("bwrap")), "--die-with-parent", *share)
    tried = subprocess.run([*words, "/bin/true"], capture_output=True, check=False)  # noqa: S603 - found above
    return words if tried.returncode == 0 else None
