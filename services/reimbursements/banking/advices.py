"""Reads advices (camt.054, versions .08 and .02): the single payments of entries that a statement gives as one sum.

An advice books nothing: it explains an entry of a statement, before or after that has come."""

from dataclasses import dataclass

from services.reimbursements.banking.entries import Entry, entries_of
from services.reimbursements.banking.iso20022 import read

ADVICES = ("camt.054.001.08", "camt.054.001.02")


@dataclass(frozen=True)
class Advice:
    """What a bank says about entries of one account."""

    id: str
    account: str
    entries: tuple[Entry, ...]


def read_advices(content: bytes) -> list[Advice]:
    """The advices of a file; refusals have the slugs message-…."""
    message, _version = read(content, ADVICES)
    found = [
        Advice(block.must("Id"), block.must("Acct/Id/IBAN"), entries_of(block.all("Ntry")))
        for block in message.all("Ntfctn")
    ]
    if not found:
        raise message.refused("Ntfctn")
    return found
