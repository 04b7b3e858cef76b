"""Secrets out of files, as containers hand them in: one value a file, its last line break left out.

A command line can be read by every user of a machine and an environment by
every child of a process; a file has an owner. So each secret `x` of the
settings has a sister `x_file`.
"""

from pathlib import Path
from typing import Final

from pipeline.records.errors import ConfigError

SECRET_BYTES_MAX: Final = 64 * 1024
"""A password has a few bytes; whoever names a device or a log by mistake is told so."""


def read_secret(name: str, path: Path) -> str:
    """The secret that a file holds.

    Args:
        name: The setting that names the file, such as `kafka.sasl_password_file`.
        path: The file.

    Returns:
        Its text, without the line break at its end.

    Raises:
        ConfigError: If it cannot be read, is empty, is not text, or is too long to be a secret. The message names
            the setting and the file, and holds nothing of what is in it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(SECRET_BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError(f"{name} = {path}: cannot be read: {error.strerror}") from None
    if len(data) > SECRET_BYTES_MAX:
        raise ConfigError(f"{name} = {path}: must hold one secret of at most {SECRET_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{name} = {path}: must be UTF-8 text") from None
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ConfigError(f"{name} = {path}: is empty, must hold the secret")
    return secret
