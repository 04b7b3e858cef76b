"""A post-incident report as a page and as Markdown: one file each, that fetches nothing and runs nothing.

What people and operators wrote stands in it. The page's template engine escapes everything, and the
text's does so for Markdown: each value on its way out, so that no template can forget it.
"""

import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.adapters.pages.report import TEMPLATES, strict_environment
from pipeline.records.errors import ConfigError
from pipeline.records.published.incidents import Incident
from pipeline.views.incident.pictures import HEIGHT, pictures_of
from pipeline.views.incident.report import report_of
from pipeline.views.run import Run
from pipeline.views.words import Clock

IDS_TOLD: Final = 10

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def revisions_of(run: Run, incident_id: str) -> tuple[Incident, ...]:
    """Revisions of an incident that is over.

    Args:
        run: Its run.
        incident_id: Its id, or how it begins; '' means the only one that is over.

    Raises:
        ConfigError: If none or several begin so, or it still goes on.
    """
    meant = [history for history in run.histories if history[-1].incident_id.startswith(incident_id)]
    over = [history for history in meant if history[-1].state in ("resolved", "closed")]
    if len(over) == 1:
        return over[0]
    if len(meant) == 1:
        state = meant[0][-1].state
        raise ConfigError(f"incident {incident_id}: is {state}: a report is written once it is resolved or closed")
    told = ", ".join(history[-1].incident_id for history in (over or run.histories)[:IDS_TOLD]) or "none"
    how = "are several that are over" if over else "is none that is over"
    raise ConfigError(f"incident {incident_id or 'ID'}: there {how} in {run.name}; name one of: {told}")


def incident_page(run: Run, revisions: tuple[Incident, ...]) -> str:
    """The page.

    Args:
        run: The run that holds the incident.
        revisions: Revisions of the incident, rising.
    """
    report = report_of(run, revisions)
    styles = ((TEMPLATES / name).read_text("utf-8") for name in ("report.css", "incident.css"))
    return (
        strict_environment()
        .get_template("incident.html.j2")
        .render(
            report=report,
            pictures=pictures_of(revisions, Clock(report.zone), report.messages),
            height=int(HEIGHT),
            version=run.facts.tocsin,
            run_name=run.name,
            style=Markup("\n".join(styles)),  # noqa: S704 - ours, from the package
        )
    )


def incident_text(run: Run, revisions: tuple[Incident, ...]) -> str:
    """The same as Markdown.

    Args:
        run: The run that holds the incident.
        revisions: Revisions of the incident, rising.
    """
    environment = Environment(  # noqa: S701 - no HTML: every value is escaped for Markdown by `finalize`
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("incident.md.j2").render(report=report_of(run, revisions))


def escaped(value: object) -> str:
    r"""A value in which nothing means anything to Markdown.

    >>> escaped("[a](javascript:x) <b>\n# no heading")
    '\\[a\\](javascript:x) \\<b\\> \\# no heading'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(str(value).split()))


def write_report(run: Run, revisions: tuple[Incident, ...], out: Path, *, text: bool) -> Path:
    """Write one of the two.

    Args:
        run: The run that holds the incident.
        revisions: Revisions of the incident, rising.
        out: The file.
        text: Markdown, else the page.
    """
    out.write_text(incident_text(run, revisions) if text else incident_page(run, revisions), "utf-8")
    return out
