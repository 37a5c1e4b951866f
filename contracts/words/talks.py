"""Words of conversations, and of the files that people send in."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "file.infected": _("The virus scanner refused a file"),
}
ACTS: dict[str, ActWords] = {}
STATES: dict[str, str] = {
    "file.infected": _("refused by the virus scanner"),
}
CODES: dict[str, str] = {
    "file_state.received": _("waits for the scanner"),
    "file_state.clean": _("clean"),
    "file_state.infected": _("refused"),
    "file_state.not_scanned": _("not scanned"),
}
PARTIES: dict[str, str] = {}
REFUSALS: dict[str, str] = {
    "file-state": _("A file cannot stand like this. Nothing was changed; send it again."),
}
