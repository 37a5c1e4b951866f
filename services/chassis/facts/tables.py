"""Tables that every service has for facts it says and hears. The outbox is kept for ever; what is
unpublished stands in the narrow side table `unpublished`, from which the relay deletes.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import SQLModel

_INSTANT = DateTime(timezone=True)

outbox = Table(
    "outbox",
    SQLModel.metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("case_id", Uuid),
    Column("wakes", ARRAY(Text), nullable=False, server_default="{}"),
    Column("audience", ARRAY(Text), nullable=False, server_default="{}"),
    Column("body", JSONB, nullable=False),
    Column("time", _INSTANT, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False, server_default=func.clock_timestamp()),
    Column("actor", Text, nullable=False),
    Column("key", Text, comment="idempotency key of the act; only on its first fact"),
    Column("request_hash", Text),
    Column("behalf_of", Text),
    Column("via", Text, nullable=False),
    Column("correlation", Uuid),
    Column("causation", Uuid),
    UniqueConstraint("subject", "version", name="outbox_order"),
    UniqueConstraint("actor", "key", name="outbox_once"),
    Index("outbox_topic", "topic", "position"),
    info={"rights": "SELECT, INSERT, UPDATE (body)"},
    comment="kept for ever; only erasure changes a row, and only its body",
)

unpublished = Table(
    "unpublished",
    SQLModel.metadata,
    Column("position", BigInteger, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
)

relayed = Table(
    "relayed",
    SQLModel.metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("acknowledged_offset", BigInteger, nullable=False),
    comment="last offset the broker acknowledged; an end offset at or below it means records were lost",
)

feeds = Table(
    "feeds",
    SQLModel.metadata,
    Column("topic", Text, primary_key=True),
    Column("feed", Integer, nullable=False),
    comment="number of the current re-feed of a topic that this service writes",
)

inbox = Table(
    "inbox",
    SQLModel.metadata,
    Column("reader", Text, primary_key=True),
    Column("subject", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
)

readers = Table(
    "readers",
    SQLModel.metadata,
    Column("reader", Text, primary_key=True),
    Column("born_at", _INSTANT, nullable=False, server_default=func.clock_timestamp()),
    comment="since when a reader may have effects outside our databases",
)

followed = Table(
    "followed",
    SQLModel.metadata,
    Column("reader", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("feed", Integer, nullable=False),
    comment="the re-feed for which a reader last read a partition from its beginning",
)

parked = Table(
    "parked",
    SQLModel.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("reader", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("feed", Integer, nullable=False, server_default="0"),
    Column("subject", Uuid, comment="null when the headers do not say"),
    Column("version", Integer),
    Column("type", Text),
    Column("reason", Text, nullable=False, comment="gap or error"),
    Column("error", Text),
    Column("attempts", Integer, nullable=False, server_default="1"),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", JSONB, nullable=False, comment="list of [name, base64 value or null]"),
    Column("parked_at", _INSTANT, nullable=False, server_default=func.clock_timestamp()),
    Column("discarded_at", _INSTANT, comment="since when nobody waits for it: it can never be read"),
    Column("discarded_by", Text),
    Column("discarded_because", Text),
    CheckConstraint(
        "num_nulls(discarded_at, discarded_by, discarded_because) IN (0, 3)", name="discarded_why"
    ),
    UniqueConstraint("reader", "topic", "partition", "offset", "feed", name="parked_once"),
    Index("parked_subject", "reader", "subject", "version"),
)

redrives = Table(
    "redrives",
    SQLModel.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", _INSTANT, nullable=False, server_default=func.clock_timestamp()),
    Column("by", Text, nullable=False),
    Column("filter", JSONB, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("outcome", JSONB, nullable=False),
    info={"rights": "SELECT, INSERT"},
    comment="audit of every redrive and of every record that was given up",
)
