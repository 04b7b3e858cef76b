"""A certificate authority of the tests' own, made with openssl: certificates that are right, and those that are not."""

import subprocess
from pathlib import Path
from typing import NamedTuple

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")


class Certificate(NamedTuple):
    """Files in PEM form."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates into a folder."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder, self.certificate, self._key = folder, folder / f"{name}.pem", folder / f"{name}.key"
        usage = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
        out = ("-keyout", str(self._key), "-out", str(self.certificate))
        _openssl("req", "-x509", *_NEW_KEY, "-nodes", *out, "-days", "2", "-subj", f"/CN={name}", *usage)

    def issue(self, name: str, *, host: str = "IP:127.0.0.1", days: int = 2, password: str = "") -> Certificate:
        """A certificate for a host; one of -1 days has expired, and a password encrypts its key."""
        made = Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        request = self.folder / f"{name}.csr"
        secret = ("-passout", f"pass:{password}") if password else ("-nodes",)
        names = ("-subj", f"/CN={name}", "-addext", f"subjectAltName={host}")
        _openssl("req", *_NEW_KEY, *secret, "-keyout", str(made.key), "-out", str(request), *names)
        by = ("-CA", str(self.certificate), "-CAkey", str(self._key), "-CAcreateserial")
        copied = ("-copy_extensions", "copyall", "-days", str(days))
        _openssl("x509", "-req", "-in", str(request), *by, *copied, "-out", str(made.certificate))
        return made


def _openssl(*words: str) -> None:
    run = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
