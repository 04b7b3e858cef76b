"""The stand's page: where everything is, what fires now, and each panel of the dashboards as a link into Prometheus.

Usage: python -m pipeline.adapters.local.stand.page STAND_FILE
"""

import html
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pipeline.adapters.local.stand.faults import FAULTS
from pipeline.adapters.local.stand.place import Stand, find_stand
from pipeline.adapters.shipped import ROOT

RUNBOOKS: Final = ROOT / "deploy" / "runbooks"
DASHBOARDS: Final = ROOT / "deploy" / "grafana"
_TEXT, _HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.15em 1.2em .15em 0;vertical-align:top}"
    "h2{margin-top:1.6em}.firing{color:#a00;font-weight:bold}.pending{color:#850}"
)
_ALERTS_NOW: Final = """
async function show() {
  const place = document.getElementById("alerts");
  try {
    const answer = await (await fetch("http://PROMETHEUS/api/v1/alerts")).json();
    const rows = answer.data.alerts.map(alert => {
      const row = document.createElement("tr");
      row.className = alert.state;
      const link = document.createElement("a");
      link.href = alert.annotations.runbook_url.replace("{{ $externalLabels.runbooks }}", "/runbooks");
      link.textContent = alert.labels.alertname;
      for (const what of [alert.state, link, alert.annotations.description]) {
        const cell = document.createElement("td");
        cell.append(what);
        row.append(cell);
      }
      return row;
    });
    place.replaceChildren(...rows);
    if (!rows.length) place.textContent = "No alert is pending or fires.";
  } catch { place.textContent = "Prometheus does not answer."; }
}
show(); setInterval(show, 2000);
"""


def _link(address: str, text: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(text)}</a>'


def _rows(rows: Iterator[tuple[str, ...]]) -> str:
    return "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"


def _places(stand: Stand) -> Iterator[tuple[str, ...]]:
    yield "Kafka", html.escape(stand.bootstrap), "for any client, such as <code>tocsin follow --bootstrap</code>"
    for name, address in stand.stages.items():
        links = " ".join(_link(f"http://{address}{path}", path) for path in ("/metrics", "/readyz", "/livez"))
        yield name.upper(), links, ""
    graph, rules = f"http://{stand.prometheus}/graph", f"http://{stand.prometheus}/alerts"
    yield "Prometheus", f"{_link(graph, stand.prometheus)} {_link(rules, '/alerts')}", ""
    if stand.alertmanager:
        alerts = f"http://{stand.alertmanager}/api/v2/alerts"
        yield "Alertmanager", _link(alerts, "/api/v2/alerts"), "<code>amtool</code> shows and silences alerts, too"
    yield "Runbooks", _link("/runbooks/README.md", "deploy/runbooks"), ""
    yield "Files", html.escape(stand.folder), "configuration, data and process ids; gone with the stand"


def _panels(stand: Stand) -> Iterator[str]:
    for path in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(path.read_text("utf-8"))
        yield f"<h3>{_link(f'/grafana/{path.name}', dashboard['title'])}</h3>"
        yield _rows((_panel(stand, panel), html.escape(panel["description"])) for panel in dashboard["panels"])


def _panel(stand: Stand, panel: dict[str, Any]) -> str:
    asked = [
        target["expr"].replace("$instance", ".+").replace("$__rate_interval", f"{max(4, stand.minute_seconds)}s")
        for target in panel["targets"]
    ]
    query = "&".join(f"g{place}.expr={quote(text)}&g{place}.range_input=15m" for place, text in enumerate(asked))
    return _link(f"http://{stand.prometheus}/graph?{query}", panel["title"])


def page_of(stand: Stand) -> str:
    """The page, as HTML."""
    drills = ((f"<code>tocsin drill {fault.name}</code>", html.escape(fault.says)) for fault in FAULTS if fault.act)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Tocsin on this machine</title>'
        f"<style>{_STYLE}</style><h1>Tocsin on this machine</h1>{_rows(_places(stand))}"
        '<h2>Alerts now</h2><table id="alerts"></table>'
        "<h2>Dashboards</h2><p>For Grafana: the files. Without it: each panel is a link into Prometheus.</p>"
        f"{''.join(_panels(stand))}<h2>Drills</h2>{_rows(drills)}"
        f"<script>{_ALERTS_NOW.replace('PROMETHEUS', stand.prometheus)}</script></html>"
    )


def answer_to(path: str, stand: Stand) -> tuple[str, bytes] | None:
    """Kind and content of what lies under a path; None if nothing does.

    Args:
        path: What the request names.
        stand: What the page is about.
    """
    if path == "/":
        return _HTML, page_of(stand).encode()
    for place, folder, kind in (("/runbooks/", RUNBOOKS, _TEXT), ("/grafana/", DASHBOARDS, "application/json")):
        file = (folder / path.removeprefix(place)).resolve()
        if path.startswith(place) and file.is_relative_to(folder.resolve()) and file.is_file():
            return kind, file.read_bytes()
    return None


def main(stand_file: Path) -> None:
    """Serve the page until somebody ends it."""
    stand = find_stand(stand_file)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answer_to(self.path.partition("?")[0], stand)
            kind, content = found or (_TEXT, b"nothing lies here\n")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: standard error is for what matters."""

    host, _, port = stand.page.rpartition(":")
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
