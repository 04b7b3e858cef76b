"""A container without Docker: the steps of the Dockerfile, done and run in a file system of bubblewrap's.

What is the same as in a container: where everything lies, the user's number, a
root that cannot be written, no capabilities, an environment that holds what the
Dockerfile and the service say and nothing else - not even a home. What differs:
the interpreter and the libraries below /usr are those of this machine, and the
network is shared with it, so that a broker can be reached.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.adapters.local.programs import find_program

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
BUILD_SECONDS_MAX = 500
_KNOWN = frozenset(
    ("FROM", "WORKDIR", "COPY", "RUN", "ENV", "LABEL", "USER", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD")
)
_FORBIDDEN = "this machine forbids user namespaces, in which the container is rehearsed (see user_namespaces(7))"


class Step(NamedTuple):
    """One instruction of a Dockerfile."""

    word: str
    rest: str


def steps_of(text: str) -> list[list[Step]]:
    """The instructions of a Dockerfile, a list for each of its stages."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    stages: list[list[Step]] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        assert word in _KNOWN, f"{word}: the rehearsal does not know this instruction"
        if word == "FROM":
            stages.append([])
        stages[-1].append(Step(word, " ".join(rest.split())))
    return stages


@dataclass(kw_only=True)
class Image:
    """What a built image holds: its files in a folder, and its settings.

    Attributes:
        files: Folder that stands for the root.
        interpreter: Folder that stands for /usr/local, where the image of Python has it.
        environment: Of ENV.
        user: Number of user and group, of USER.
        folder: Of WORKDIR.
        entry: Of ENTRYPOINT.
    """

    files: Path
    interpreter: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    entry: tuple[str, ...] = ()

    def command(
        self,
        words: Sequence[str],
        environment: Mapping[str, str] | None = None,
        mounts: Mapping[str, Path] | None = None,
        volumes: Mapping[str, Path] | None = None,
    ) -> list[str]:
        """The command line that runs a program in the image, its root read-only.

        Args:
            words: Program and arguments.
            environment: Beside what the image says.
            mounts: Place in the container to a file or folder of this machine, read-only.
            volumes: The same, to be written.
        """
        user, group = self.user.split(":")
        line = [*_sandbox(), "--unshare-ipc", "--unshare-uts", "--uid", user, "--gid", group, "--cap-drop", "ALL"]
        line += ["--ro-bind", str(self.interpreter), "/usr/local"]
        for entry in sorted(self.files.iterdir()):
            line += ["--ro-bind", str(entry), f"/{entry.name}"]
        for place, source in (mounts or {}).items():
            line += ["--ro-bind", str(source), place]
        for place, source in (volumes or {}).items():
            line += ["--bind", str(source), place]
        line += ["--clearenv"]
        for name, value in {**self.environment, **(environment or {})}.items():
            line += ["--setenv", name, value]
        return [*line, "--remount-ro", "/", "--chdir", self.folder, *words]

    def run(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, at most two minutes; arguments as of `command`."""
        line = self.command(words, **more)
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)


def _sandbox() -> list[str]:
    """Bubblewrap with the libraries of this machine, its devices, and a /tmp that is empty."""
    line = [
        str(find_program("bwrap")),
        "--unshare-user",
        "--unshare-pid",
        "--die-with-parent",
        "--ro-bind",
        "/usr",
        "/usr",
    ]
    for link in ("bin", "lib", "lib64", "sbin"):
        if Path("/", link).is_symlink():
            line += ["--symlink", os.readlink(f"/{link}"), f"/{link}"]
    prefix = Path(sys.base_prefix)
    if not prefix.is_relative_to("/usr"):
        line += ["--ro-bind", str(prefix), str(prefix)]
    for shown in ("/etc/ssl", "/etc/alternatives", "/etc/java-17-openjdk", "/etc/ld.so.cache"):
        if Path(shown).exists():
            line += ["--ro-bind", shown, shown]
    return [*line, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - in the container


def build(folder: Path) -> Image:
    """Do what the Dockerfile says.

    Args:
        folder: An empty one.

    Raises:
        AssertionError: If a step fails; with what it printed.
    """
    require_namespaces()
    first, last = steps_of(DOCKERFILE.read_text("utf-8"))
    machine = _Machine(folder / "build")
    for step in first:
        machine.do(step)
    image = Image(files=folder / "image", interpreter=machine.files / "local")
    image.files.mkdir()
    for step in last:
        _apply(image, step, machine.files)
    return image


def require_namespaces() -> None:
    """Fail with a line that a person understands where bubblewrap cannot work."""
    done = subprocess.run([*_sandbox(), "/usr/bin/true"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{_FORBIDDEN}: {done.stderr}"


class _Machine:
    """Does the steps of the stage that builds, in a root of its own that can be written."""

    def __init__(self, files: Path) -> None:
        self.files, self.folder = files, "/"
        for made in ("opt", "local/bin"):
            (files / made).mkdir(parents=True)
        (files / "local" / "bin" / "python").symlink_to(_interpreter())
        for shared in ("lib", "include"):
            (files / "local" / shared).symlink_to(Path(sys.base_prefix) / shared)

    def do(self, step: Step) -> None:
        """One instruction."""
        if step.word == "WORKDIR":
            self.folder = step.rest
            (self.files / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY":
            *sources, target = step.rest.split()
            for source in sources:
                _copy(ROOT / source, self._place(target), is_folder=target.endswith("/"))
        elif step.word == "RUN":
            self._run(step.rest)
        else:
            assert step.word == "FROM", f"{step.word}: the rehearsal of the building stage does not know it"

    def _place(self, target: str) -> Path:
        return self.files / os.path.normpath(os.path.join(self.folder, target)).lstrip("/")

    def _run(self, line: str) -> None:
        cache = Path(os.environ.get("PIP_CACHE_DIR") or Path.home() / ".cache" / "pip")
        cache.mkdir(parents=True, exist_ok=True)
        box = [*_sandbox(), "--ro-bind", "/etc", "/etc", "--bind", str(cache), "/cache"]
        if links := os.environ.get("PIP_FIND_LINKS"):
            box += ["--ro-bind-try", links, links]
        box += ["--bind", str(self.files / "opt"), "/opt", "--ro-bind", str(self.files / "local"), "/usr/local"]
        box += ["--bind", str(self.files / self.folder.lstrip("/")), self.folder, "--chdir", self.folder]
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or "proxy" in name.lower()}
        environment = {**kept, "PATH": "/usr/local/bin:/usr/bin:/bin", "PIP_CACHE_DIR": "/cache", "HOME": "/tmp"}  # noqa: S108
        done = subprocess.run(
            [*box, "/bin/sh", "-ec", line],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=BUILD_SECONDS_MAX,
        )
        assert done.returncode == 0, f"RUN {line}\n{done.stdout}{done.stderr}"


def _interpreter() -> Path:
    return Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


def _copy(source: Path, target: Path, *, is_folder: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "_core"))
        return
    place = target / source.name if is_folder else target
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, place)


def _apply(image: Image, step: Step, built: Path) -> None:
    """One instruction of the stage that runs: it copies and sets, and runs nothing."""
    assert step.word != "RUN", "the stage that runs has no tools: build what it needs in the other one"
    if step.word == "COPY":
        source, target = [word for word in step.rest.split() if not word.startswith("--")]
        assert "--from=build" in step.rest, "the stage that runs takes from the one that builds alone"
        shutil.copytree(built / source.lstrip("/"), image.files / target.lstrip("/"), symlinks=True)
    elif step.word == "ENV":
        image.environment |= dict(word.split("=", 1) for word in shlex.split(step.rest))
    elif step.word == "USER":
        image.user = step.rest
    elif step.word == "WORKDIR":
        image.folder = step.rest
    elif step.word == "ENTRYPOINT":
        image.entry = tuple(word.strip(' "') for word in step.rest.strip("[]").split(","))
