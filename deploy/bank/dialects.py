"""How banks differ in what they answer to the same payment file."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """One bank's way of writing.

    version      of camt.053 and camt.054: 08 gives a status as a code, 02 as text
    reference    the bank's own reference of an entry: "own", "NOTPROVIDED", or "" for none
    one_sum      whether it books a batch as one sum and names its payments in a camt.054
    fee_cents    what it takes with each payment, netted in the same entry
    page         entries on one page of a statement; 0 for no pages
    return_fee_cents  what the payee's bank keeps of a payment that comes back
    """

    name: str
    version: str = "08"
    reference: str = "own"
    one_sum: bool = False
    fee_cents: int = 0
    page: int = 0
    return_fee_cents: int = 0


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect("plain"),
        Dialect("text", version="02"),
        Dialect("no-reference", reference=""),
        Dialect("not-provided", version="02", reference="NOTPROVIDED"),
        Dialect("one-sum", one_sum=True),
        Dialect("netted", fee_cents=35),
        Dialect("paged", page=2),
        Dialect("paged-text", version="02", page=2),
        Dialect("return-fee", return_fee_cents=500),
    )
}
