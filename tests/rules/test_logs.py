"""A log line is one JSON object that says which service, which click and which case it belongs to."""

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import structlog

from services.chassis import logs


@contextmanager
def configured() -> Generator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("applications")
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def test_a_line_tells_where_it_belongs(capsys: pytest.CaptureFixture[str]) -> None:
    with configured(), logs.bound(correlation="c-1", case="a-1", reader=None):
        structlog.get_logger("test").info("submitted", days=3)
    line = json.loads(capsys.readouterr().err)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "submitted",
        "level": "info",
        "logger": "test",
        "service": "applications",
        "correlation": "c-1",
        "case": "a-1",
        "days": 3,
    }


def test_a_library_logs_in_the_same_shape(capsys: pytest.CaptureFixture[str]) -> None:
    with configured(), logs.bound(correlation="c-2"):
        logging.getLogger("uvicorn.error").warning("cannot bind %s", "a port")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["service"], line["correlation"]) == (
        "cannot bind a port",
        "applications",
        "c-2",
    )


def test_the_kafka_client_does_not_repeat_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with configured():
        for node in range(3):
            logging.getLogger("aiokafka").error("Unable to connect to node %s", node)
        logging.getLogger("aiokafka").error("Something else")
    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert lines == ["Unable to connect to node 0", "Something else"]


def test_an_exception_is_one_line_without_the_values_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    typed = "Ada"
    with configured():
        try:
            raise ValueError("broken")
        except ValueError:
            structlog.get_logger("test").exception("failed")
    output = capsys.readouterr().err
    assert json.loads(output)["exception"][0]["exc_type"] == "ValueError"
    assert typed not in output
