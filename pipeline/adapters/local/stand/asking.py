"""What Prometheus and Alertmanager say, over HTTP on this machine."""

import asyncio
import json
import urllib.parse
import urllib.request
from typing import Any

ANSWER_SECONDS_MAX = 10.0


async def ask(address: str, query: str) -> list[dict[str, Any]]:
    """Samples that a query answers with; none while Prometheus does not answer yet.

    Args:
        address: Prometheus, host:port.
        query: PromQL.
    """
    answer = await _fetched(f"http://{address}/api/v1/query?{urllib.parse.urlencode({'query': query})}")
    samples: list[dict[str, Any]] = answer["data"]["result"] if answer else []
    return samples


async def routed(address: str) -> list[dict[str, Any]]:
    """Alerts that Alertmanager holds."""
    alerts: list[dict[str, Any]] = await _fetched(f"http://{address}/api/v2/alerts") or []
    return alerts


async def _fetched(url: str) -> Any:
    try:
        return json.loads(await asyncio.to_thread(_read, url))
    except OSError:  # it starts, or is asked too much just now
        return None


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310 - an address of the stand
        content: bytes = answer.read()
    return content
