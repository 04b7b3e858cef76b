"""Laws of the whole flow: the same recording gives the same records, byte for byte."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows import arrived, morning, orders, results

ROOT = Path(__file__).parents[2]
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_morning_has_an_incident_a_notice_and_useless_records() -> None:
    found = results(arrived(morning(1), 1))
    assert any(b'"state":"confirmed"' in line for line in found["incidents"])
    assert any(b'"emergency"' in line for line in found["incidents"])
    assert found["notices"]
    assert found["quarantine"]
    assert found["decisions"]


@SLOW
@given(seed=st.integers(0, 3), cut=st.integers(1, 4_000))
def test_no_batch_cut_changes_a_byte(seed: int, cut: int) -> None:
    log = arrived(morning(seed) + orders(at_minute=50), seed)
    assert results(log, batch_records=cut) == results(log)


@SLOW
@given(seed=st.integers(0, 3), other=st.integers(1, 1_000))
def test_no_order_within_lateness_changes_a_byte(seed: int, other: int) -> None:
    happened = morning(seed) + orders(at_minute=50)
    assert results(arrived(happened, other)) == results(arrived(happened, 0))


@SLOW
@given(lanes=st.integers(1, 5), partitions=st.integers(1, 7), markets=st.integers(1, 3))
def test_no_number_of_lanes_or_partitions_changes_a_byte(lanes: int, partitions: int, markets: int) -> None:
    happened = morning(2)
    one = results(arrived(happened, 2, lanes=1), lanes=1, partitions=1)
    assert results(arrived(happened, 5, lanes), lanes=lanes, partitions=partitions, markets=markets) == one


def digest() -> str:
    """Fingerprint of all results of a morning."""
    found = results(arrived(morning(3) + orders(at_minute=50), 3))
    return hashlib.sha256(b"\n".join(line for topic in sorted(found) for line in found[topic])).hexdigest()


def test_no_hash_seed_changes_a_byte() -> None:
    script = "from tests.properties.test_flow_laws import digest; print(digest())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    ]
    assert len(set(runs)) == 1
