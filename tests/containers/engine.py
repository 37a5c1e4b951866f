"""Whether there is a Docker engine to run containers on."""

import subprocess

import pytest
from testcontainers.core.config import testcontainers_config

# every container ends with its context; the image of a reaper would have to be fetched
testcontainers_config.ryuk_disabled = True


def answers() -> bool:
    try:
        return subprocess.run(("docker", "version"), check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


needs_engine = (
    pytest.mark.containers,
    pytest.mark.skipif(not answers(), reason="no Docker engine answers: `docker version` says why"),
)
