"""What goes of the cases whose records' time is over, as reimbursements says when two people have removed what is
personal: what people wrote and sent, and the names of those who signed. Ids, days, sums, decisions and every
fingerprint stay, so whoever still holds a text or a file can prove it.

What the support office was asked goes unanswered, so it waits for nobody any more.

Files go before the transaction ends: if it does not, the fact is heard again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from contracts.conversation import Dropped
from contracts.workdays import Moment
from services.applications.conversations.models import Conversation
from services.applications.kinds import conversations
from services.applications.models import Application
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import Files, forget


async def remove(tx: Tx, partnership: UUID, member: UUID, at: Moment, cause: Cause) -> None:
    """Of all cases of a partnership that a member pays; a draft was never a record."""
    of = {"partnership": partnership, "member": member, "today": at.today()}
    await tx.execute(_LOCKED, of)
    files: Sequence[str] = (await tx.execute(_FILES, of)).scalars().all()
    for statement in _BLANK:
        await tx.execute(statement, of)
    await _drop_questions(tx, partnership, member, at, cause)
    await forget(tx, files)
    for file in files:
        tx.tool(Files).remove(file)


async def _drop_questions(tx: Tx, partnership: UUID, member: UUID, at: Moment, cause: Cause) -> None:
    """Takes from the support office what lost its words."""
    statement = (
        select(Conversation)
        .join(Application, col(Application.id) == col(Conversation.application))
        .where(
            Application.visitor_partnership == partnership,
            Application.payer == member,
            Conversation.state == "with_support",
        )
        .order_by(col(Conversation.id))
    )
    for row in (await tx.session.exec(statement)).all():
        row.due_at = None
        await conversations.record(tx, row, "drop", Dropped(), at, cause)


_CASES = """(SELECT id FROM applications WHERE visitor_partnership = :partnership AND payer = :member
    AND state <> 'draft')"""
_OF_CASES = f"application IN {_CASES}"
_IN_TALKS = f"conversation IN (SELECT id FROM conversations WHERE {_OF_CASES})"  # noqa: S608, the names are ours

_LOCKED = text(f"SELECT id FROM applications WHERE id IN {_CASES} ORDER BY id FOR UPDATE")  # noqa: S608
_FILES = text(f"""
    WITH said AS (
        SELECT id AS "case", concat(answers, left_over) AS words FROM applications
        UNION ALL SELECT application, answers::text FROM draft_sections
        UNION ALL SELECT application, answers::text FROM submissions
        UNION ALL SELECT application, answers::text FROM reports
        UNION ALL SELECT application, answers::text FROM amendments
        UNION ALL SELECT application, evidence::text FROM visits
        UNION ALL SELECT application, concat(signatures, papers) FROM agreements
        UNION ALL SELECT application, files::text FROM stray_mails
        UNION ALL SELECT application, files::text FROM messages
            JOIN conversations ON conversations.id = messages.conversation
    ), named AS (
        SELECT "case", found[1] AS file FROM said, regexp_matches(words, '"([0-9a-f]{{64}})"', 'g') AS found
    )
    SELECT DISTINCT id FROM kept_files WHERE id IN (SELECT file FROM named WHERE "case" IN {_CASES})
        AND id NOT IN (SELECT file FROM named WHERE "case" IS NULL OR "case" NOT IN {_CASES})""")  # noqa: S608
"""The files that these cases name, and no other does."""

_PROPOSED = f"id IN (SELECT proposal FROM applications WHERE id IN {_CASES})"  # noqa: S608
_ALONE = f"""id IN (SELECT group_visit FROM applications WHERE state <> 'draft' GROUP BY group_visit
    HAVING bool_and(id IN {_CASES}))"""  # noqa: S608
"""Group visits of which no other case is left."""
_SIGNED = """(SELECT coalesce(jsonb_agg(one - 'name' - 'named' - 'email' - 'address' || '{"function": ""}'), '[]')
    FROM jsonb_array_elements(signatures) AS one)"""
"""Who has signed what, how and when, by their ids."""
_SENT = (
    """(SELECT coalesce(jsonb_agg(one || '{"name": ""}'), '[]') FROM jsonb_array_elements(evidence) AS one)"""
)
_APPEAL = "explanation = '', appeal_text = '', appeal_answer = ''"
_BLANKED = (
    ("proposals", _PROPOSED, "message = ''"),
    ("group_visits", _ALONE, "delegates = '[]', agenda = '', lessons = '', explanation = ''"),
    ("submissions", _OF_CASES, "answers = '{}'"),
    ("decisions", _OF_CASES, "remark = ''"),
    ("assessments", _OF_CASES, "comments = '{}', internal = ''"),
    ("break_glasses", _OF_CASES, "explanation = ''"),
    ("agreements", _OF_CASES, f"content = '', papers = '[]', signatures = {_SIGNED}"),
    ("agreements", _OF_CASES, "refusal = refusal - 'name' - 'for' - 'remark'"),
    (
        "amendments",
        _OF_CASES,
        "explanation = '', remark = '', agenda = '', agenda_before = '', answers = '{}'",
    ),
    ("visits", _OF_CASES, f"report = '', host_feedback = '', evidence = {_SENT}, {_APPEAL}"),
    ("reports", _OF_CASES, "answers = '{}', explanation = ''"),
    ("messages", _IN_TALKS, "text = '', caller = '', mail_id = '', files = '[]', letter = '{}'"),
    ("stray_mails", _OF_CASES, "sender = '', subject = '', text = '', files = '[]'"),
    ("applications", f"id IN {_CASES}", f"answers = '{{}}', left_over = '{{}}', objectives = '', {_APPEAL}"),
    ("applications", f"id IN {_CASES}", "agenda = '', removed_on = :today"),
)
_DELETED = (
    ("draft_sections", _OF_CASES),
    ("signatory_links", f"agreement IN (SELECT id FROM agreements WHERE {_OF_CASES})"),  # noqa: S608
    ("conversations_read", _IN_TALKS),
)
_BLANK = (
    *(text(f"UPDATE {table} SET {words} WHERE {of}") for table, of, words in _BLANKED),  # noqa: S608
    *(text(f"DELETE FROM {table} WHERE {of}") for table, of in _DELETED),  # noqa: S608
)
