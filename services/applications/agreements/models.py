"""The table of links by which somebody signs who is no user of Relais."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text

from services.chassis.database import instant
from services.chassis.mailing import MailedLink


class SignatoryLink(MailedLink, table=True):
    """One person, named to sign one text for one party. document is the text's fingerprint when they were named;
    superseded says that somebody was named after them; outcome is signed or refused once the link was used. name, email
    and function are empty once nobody can sign by it any more."""

    __tablename__ = "signatory_links"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("signatory_links_unsent", "try_at", postgresql_where=text("sent_at is null")),
        Index(
            "signatory_link_once", "agreement", "party", unique=True,
            postgresql_where=text("used_at is null and not superseded"),
        ),
    )  # fmt: skip

    agreement: UUID
    party: str
    document: str
    name: str
    email: str
    function: str
    named_by: UUID
    named_at: datetime = instant()
    superseded: bool = False
    outcome: str = ""
