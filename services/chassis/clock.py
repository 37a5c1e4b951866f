"""The one business clock: real time mapped by segments in a file of the data folder (rate 1 in production).

Business time is for rules about cases only; tokens, leases and retries use real time.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from contracts.workdays import Moment


class Segment(NamedTuple):
    """From this real instant on, business time starts at `business` and runs `rate` times as fast."""

    real: datetime
    business: datetime
    rate: float


class Clock:
    """Reads the segments again when the file changes, so a running stack follows a change of rate."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._stamp: int | None = None
        self._segments: list[Segment] = []

    def now(self) -> datetime:
        """Business time, aware, UTC."""
        return self.at(datetime.now(UTC))

    def moment(self) -> Moment:
        """Business time as rules take it."""
        return Moment(self.now())

    def at(self, real: datetime) -> datetime:
        """Business time at a real instant."""
        segment = self._segment(real)
        return segment.business + (real - segment.real) * segment.rate if segment else real

    @property
    def rate(self) -> float:
        segment = self._segment(datetime.now(UTC))
        return segment.rate if segment else 1.0

    def real_seconds_until(self, business: datetime) -> float:
        """How long to really wait for a business instant; 0 when it has passed.

        A later change of rate makes the wait too long or too short: timers are hints, and
        whoever waits asks again.
        """
        return max(0.0, (business - self.now()).total_seconds() / self.rate)

    def set_rate(self, rate: float) -> None:
        """Appends a segment: business time goes on from where it is, at another rate."""
        if self._file is None:
            raise ValueError("this clock has no file")
        real = datetime.now(UTC)
        segments = [*self._read(), Segment(real, self.at(real), rate)]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        partial.write_text(
            json.dumps([[s.real.isoformat(), s.business.isoformat(), s.rate] for s in segments])
        )
        partial.replace(self._file)

    def _segment(self, real: datetime) -> Segment | None:
        return next((segment for segment in reversed(self._read()) if segment.real <= real), None)

    def _read(self) -> list[Segment]:
        if self._file is None:
            return []
        try:
            stamp = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        if stamp != self._stamp:
            rows = json.loads(self._file.read_text())
            self._segments = [
                Segment(datetime.fromisoformat(real), datetime.fromisoformat(business), float(rate))
                for real, business, rate in rows
            ]
            self._stamp = stamp
        return self._segments


class FixedClock(Clock):
    """A clock that is moved by hand, in tests and where somebody asks what will happen."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._now = start

    def at(self, real: datetime) -> datetime:
        return self._now

    def forward(self, step: timedelta) -> None:
        self._now += step
