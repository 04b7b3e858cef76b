"""A real Prometheus beside a real flow: our rules with seconds for minutes, and what it says of them."""

import asyncio
import json
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Self

import yaml

from pipeline.adapters.local.programs import find_program
from pipeline.adapters.local.stand.watching import RULES, hastened

SCRAPE: Final = "500ms"
MINUTE_SECONDS: Final = 1


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in sockets]
    for listening in sockets:
        listening.close()
    return ports


class Prometheus:
    """The server, from its start to its end.

    Args:
        folder: Keeps its configuration and data.
        targets: Ports of the processes that it scrapes.
    """

    def __init__(self, folder: Path, targets: list[int]) -> None:
        self._folder = folder
        self.port = free_ports(1)[0]
        (folder / "rules").mkdir(parents=True)
        for path in RULES.glob("*.yml"):
            (folder / "rules" / path.name).write_text(hastened(path.read_text("utf-8"), MINUTE_SECONDS), "utf-8")
        configuration = {
            "global": {
                "scrape_interval": SCRAPE,
                "scrape_timeout": SCRAPE,
                "evaluation_interval": SCRAPE,
                "external_labels": {"runbooks": "https://runbooks.example"},
            },
            "rule_files": ["rules/*.yml"],
            "scrape_configs": [
                {"job_name": "tocsin", "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in targets]}]}
            ],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration), "utf-8")

    def __enter__(self) -> Self:
        with (self._folder / "log").open("wb") as log:
            self._popen = subprocess.Popen(
                [
                    str(find_program("prometheus")),
                    f"--config.file={self._folder / 'prometheus.yml'}",
                    f"--storage.tsdb.path={self._folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--log.level=warn",
                ],
                cwd=self._folder,
                stderr=log,
                stdout=log,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._popen.kill()
        self._popen.wait()

    @property
    def said(self) -> str:
        return (self._folder / "log").read_text()

    async def ask(self, query: str) -> list[dict[str, Any]]:
        """Samples that a query answers with; none while it does not listen yet."""
        url = f"http://127.0.0.1:{self.port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        try:
            answer = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read())
        except ConnectionError:
            return []
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.SERVICE_UNAVAILABLE:  # it starts
                return []
            raise AssertionError(f"{query}: {error.read().decode()}") from error
        except urllib.error.URLError:
            return []
        samples: list[dict[str, Any]] = json.loads(answer)["data"]["result"]
        return samples

    async def value(self, query: str) -> float | None:
        """The only value that a query answers with; None if there is none."""
        samples = await self.ask(query)
        return float(samples[0]["value"][1]) if samples else None

    async def is_firing(self, alert: str, **labels: str) -> bool:
        """Whether an alert fires now, with such labels."""
        return bool(await self.ask(_alerts(alert, "firing", labels)))

    async def was_pending(self, alert: str, **labels: str) -> bool:
        """Whether an alert was pending at any time."""
        return bool(await self.ask(f"last_over_time({_alerts(alert, 'pending', labels)}[1h])"))


def _alerts(alert: str, state: str, labels: dict[str, str]) -> str:
    chosen = {"alertname": alert, "alertstate": state, **labels}
    return "ALERTS{" + ", ".join(f'{name}="{text}"' for name, text in chosen.items()) + "}"
