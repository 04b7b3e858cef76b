"""Made-up wheels of a few hundred bytes, and a lock for them: an index that needs no network."""

import base64
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path


def wheel(
    folder: Path, name: str, version: str, *, requires: Sequence[str] = (), extras: Sequence[str] = ()
) -> tuple[str, str]:
    """Write a wheel that holds one empty module.

    Args:
        folder: The index.
        name: Of the package and of its module.
        version: As in `1.0`.
        requires: Requirements, as in `beta[more]>=1; extra == "x"`.
        extras: Names of the extras that it offers.

    Returns:
        What a lock says of it: `name==version`, and its SHA-256 in hexadecimal digits.
    """
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items())
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(member, text)
    return f"{name}=={version}", hashlib.sha256(path.read_bytes()).hexdigest()


def lock(path: Path, *pins: tuple[str, str]) -> None:
    """Write a lock in the form of `make lock`."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{pin} \\\n    --hash=sha256:{digest}\n" for pin, digest in pins), "utf-8")


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
