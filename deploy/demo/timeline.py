"""What the demo shows while it plays: one line per thing that happens, with the business day it happens on."""

import sys
import time
from collections.abc import Callable

from services.chassis.clock import Clock


class Timeline:
    """Lines on standard error, so that `--json` has standard output for itself."""

    def __init__(self, clock: Clock, *, quiet: bool = False) -> None:
        self._clock = clock
        self._quiet = quiet
        self._began = time.monotonic()

    def say(self, story: str, text: str) -> None:
        if self._quiet:
            return
        passed = time.monotonic() - self._began
        day = self._clock.now().strftime("%a %d %b %H:%M")
        sys.stderr.write(f"{passed:6.1f} s  {day}  {story:<10} {text}\n")
        sys.stderr.flush()

    def of(self, story: str) -> Callable[[str], None]:
        return lambda text: self.say(story, text)
