"""Structured logs: one JSON object per line, each with the service and what was bound (correlation, case).

Log lines carry ids and codes, never what people typed.
"""

import logging
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.types import EventDict, Processor

_QUIET = {
    "aiokafka": logging.ERROR,
    "relais.faststream": logging.ERROR,
    "httpx": logging.WARNING,
    "alembic": logging.WARNING,
}

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)  # they may hold what people typed
)


_AGAIN_AFTER = 10.0
"""Seconds."""


class _Seldom(logging.Filter):
    """Lets a sentence of the Kafka client pass once in a while: while a broker is away it says hundreds a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        now, sentence = time.monotonic(), str(record.msg)
        if now - self._last.get(sentence, -_AGAIN_AFTER) < _AGAIN_AFTER:
            return False
        self._last[sentence] = now
        return True


def configure(service: str, as_json: bool = True) -> None:
    """Sends all logs of the process, ours and the libraries', to standard error in one shape."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
    ]
    last: list[Processor] = (
        [_TRACEBACKS, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.addFilter(_Seldom())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


@contextmanager
def bound(**values: object) -> Generator[None]:
    """Adds values to every line logged inside; empty ones are left out."""
    with structlog.contextvars.bound_contextvars(
        **{name: str(value) for name, value in values.items() if value}
    ):
        yield


def _named(service: str) -> Processor:
    def name(logger: Any, method: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    return name
