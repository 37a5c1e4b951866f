"""Words of events."""

from contracts.words.kinds import ActWords

FACTS: dict[str, str] = {}
ACTS: dict[str, ActWords] = {}
STATES: dict[str, str] = {}
REFUSALS: dict[str, str] = {}
CODES: dict[str, str] = {}
PARTIES: dict[str, str] = {}
