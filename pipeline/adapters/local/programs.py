"""Programs beside Python that `make setup` brings: Prometheus and Alertmanager with their tools, and bubblewrap.

Bubblewrap makes the read-only file system in which tests rehearse the container.
They are Debian's packages, unpacked below `.build/programs` by tools/install and not
installed: an installed server would also run as a service of this machine.
"""

import shutil
from pathlib import Path
from typing import Final

from pipeline.adapters.shipped import ROOT
from pipeline.records.errors import ConfigError

UNPACKED: Final = ROOT / ".build" / "programs" / "usr" / "bin"


def find_program(name: str) -> Path:
    """Where a program lies: below `.build/programs`, else on the PATH.

    Args:
        name: Such as `prometheus`, `promtool`, `prometheus-alertmanager`, `amtool` or `bwrap`.

    Raises:
        ConfigError: If it is in neither place.
    """
    found = shutil.which(name, path=str(UNPACKED)) or shutil.which(name)
    if found is None:
        raise ConfigError(f"{name}: is neither in {UNPACKED} nor on the PATH: run `make setup`, which fetches it")
    return Path(found)
