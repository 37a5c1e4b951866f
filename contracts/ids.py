"""Ids of everything: UUID version 7, so that rows made later sort later. Never relied on for order of facts."""

from uuid import NAMESPACE_URL, UUID, uuid5

import uuid_utils


def new_id() -> UUID:
    """A fresh time-ordered id."""
    return UUID(int=uuid_utils.uuid7().int)


def named_id(*parts: object) -> UUID:
    """The same id for the same parts: for rows that must exist once (a claim of a visit, a seeded cluster)."""
    return uuid5(NAMESPACE_URL, "relais:" + "/".join(str(part) for part in parts))
