"""Fetches the French communes with the ordinary npm client, pinned by version and checksum.

npm is optional: the demo needs Python alone. Without it the French postcodes,
and communes that GeoNames does not have, are missing, and the build says so.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "@etalab/decoupage-administratif"
VERSION: Final = "6.0.0"
INTEGRITY: Final = "sha512-XavYsFlbcM/prKr8hNHPKER94IHw/dsxNM4nxjWMYk6PLFACpEedvn/7wK8Baozm0dCYhWWcf+7bcWpA5pmCaQ=="
"""As `npm view @etalab/decoupage-administratif@6.0.0 dist.integrity` prints it."""
TARBALL: Final = f"etalab-decoupage-administratif-{VERSION}.tgz"
SECONDS_MAX: Final = 60
"""4 MB: longer means that there is no network."""


class NpmError(Exception):
    """No communes; the text is one line for the person who builds."""


def communes(folder: Path) -> list[dict[str, Any]]:
    """All French communes with département, region, postcodes and inhabitants.

    Args:
        folder: Where the package is kept between builds.

    Raises:
        NpmError: If there is no npm, no network, or the package has another checksum.
    """
    tarball = folder / TARBALL
    if not tarball.exists():
        _pack(folder)
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        tarball.unlink()
        message = f"{PACKAGE} {VERSION}: checksum {found}; must be {INTEGRITY}; the file was removed"
        raise NpmError(message)
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/data/communes.json")
        if member is None:
            message = f"{PACKAGE} {VERSION}: no data/communes.json in the package"
            raise NpmError(message)
        rows: list[dict[str, Any]] = json.load(member)
    return rows


def _pack(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        message = "npm is not installed"
        raise NpmError(message)
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS_MAX)  # noqa: S603 - constants
    except (subprocess.SubprocessError, OSError) as error:
        message = f"npm pack {PACKAGE}@{VERSION} failed: {type(error).__name__}"
        raise NpmError(message) from error
    if not (folder / TARBALL).exists():
        message = f"npm pack left no {TARBALL}"
        raise NpmError(message)
