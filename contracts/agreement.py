"""Agreement: a signing set over one document hash. A changed text or an ended case voids it (CX-45, CX-61)."""

from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, LINK, Body, End, Table, act
from contracts.topics import APPLICATIONS

Kind = Literal["quality", "financial"]
Party = Literal["VO", "HO", "VOP", "HOP", "PAY"]


Organisation = Literal["VO", "HO"]
"""Parties that are organisations: somebody who is no user of Relais may sign for them, on paper or by a mailed link."""
PaperReason = Literal["other_version", "pages_missing", "signature_missing", "unreadable"]


class Opened(Body):
    """order: the last party signs only when all others have."""

    kind: Kind
    document: str
    parties: tuple[Party, ...]


class Signed(Body):
    party: Party
    document: str


class SignatoryNamed(Body):
    """of: for whom somebody was named who signs by a mailed link."""

    of: Organisation


class HandedIn(Body):
    """of: whose paper it is. It counts only once an officer has confirmed it."""

    of: Party


class PaperSentBack(Body):
    of: Party
    reason: PaperReason


class Completed(Body):
    party: Party
    document: str


class Refused(Body):
    party: Party


class Voided(Body):
    reason: Literal["case_ended", "text_changed", "party_refused"]


class Expired(Body):
    pass


class Superseded(Body):
    """by: the amendment whose documents hold from now on; other_host: whether the host that signed this one is no party
    of them any more."""

    by: UUID
    other_host: bool = False


_WAKE = "grant-approval/{case}"

AGREEMENT = Table(
    "agreement",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"open": "VOS HOS VOP HOP PAY"},
    acts=(
        act("open", BESIDE, "", "open", Opened),
        act(
            "sign",
            "VOS HOS VOP HOP PAY",
            "open",
            "",
            Signed,
            wakes=_WAKE,
            also=(End("completed", Completed, (_WAKE,)),),
        ),
        act("name_signatory", "VO HO VOP HOP", "open", "", SignatoryNamed),
        act(
            "sign_by_link",
            LINK,
            "open",
            "",
            Signed,
            wakes=_WAKE,
            also=(End("completed", Completed, (_WAKE,)),),
        ),
        act("hand_in", "VO HO", "open", "", HandedIn),
        act(
            "confirm_paper",
            "VOP HOP",
            "open",
            "",
            Signed,
            wakes=_WAKE,
            also=(End("completed", Completed, (_WAKE,)),),
        ),
        act("send_back_paper", "VOP HOP", "open", "", PaperSentBack),
        act("refuse", "VOS HOS VOP HOP PAY", "open", "refused", Refused, wakes=_WAKE),
        act("refuse_by_link", LINK, "open", "refused", Refused, wakes=_WAKE),
        act("void", BESIDE, "open completed", "voided", Voided),
        act("supersede", BESIDE, "completed", "superseded", Superseded),
        act("expire", BESIDE, "open completed", "expired", Expired),
    ),
)
