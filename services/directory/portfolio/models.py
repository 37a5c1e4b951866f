"""Table of what cluster organisations do for their members."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from services.chassis.acts.aggregate import Root


class MemberService(Root, table=True):
    """One service. origin: the activity it was learned at, if it was; lesson: what was learned there."""

    __tablename__ = "member_services"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "member_service_once",
            "organisation",
            text("lower(title)"),
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
    )

    organisation: UUID = Field(index=True)
    title: str
    about: str
    description: str
    origin: UUID | None = None
    lesson: str = ""
    piloted_since: date | None = None
    offered_since: date | None = None
