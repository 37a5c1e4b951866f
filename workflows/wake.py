"""Wake: a fact says that a workflow must look again. There is no other way to start a story.

The id says all: which story, and about what. A wake that comes late, twice or after the end costs a question.
"""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import structlog
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from contracts.steps import Subject
from workflows.cut_off_round import CutOffRound
from workflows.event_life_cycle import EventLifeCycle
from workflows.exchange_visit import ExchangeVisit
from workflows.grant_amendment import GrantAmendment
from workflows.grant_approval import GrantApproval
from workflows.headers import Headers
from workflows.host_proposal import HostProposal
from workflows.place_offer import PlaceOffer
from workflows.reimbursement_claim import ReimbursementClaim
from workflows.story import CASE, TASK_QUEUE, Story
from workflows.voucher_use import VoucherUse

log = structlog.get_logger(__name__)

STORIES: Mapping[str, type[Story]] = {
    "proposal": HostProposal,
    "grant-approval": GrantApproval,
    "cut-off": CutOffRound,
    "amendment": GrantAmendment,
    "exchange-visit": ExchangeVisit,
    "voucher": VoucherUse,
    "reimbursement-claim": ReimbursementClaim,
    "event": EventLifeCycle,
    "place-offer": PlaceOffer,
}

AT_ONCE = 20


def can_wake(workflow_id: str) -> bool:
    """Whether this is the id of a story about a thing."""
    prefix, _, subject = workflow_id.partition("/")
    try:
        UUID(subject)
    except ValueError:
        return False
    return prefix in STORIES


async def wake(client: Client, workflow_id: str, fact: str, case: str = "") -> None:
    """Rings the bell of this story, and starts it first if it is not open. `fact` is shown in its history."""
    prefix, _, subject = workflow_id.partition("/")
    attributes = [SearchAttributePair(CASE, case)] if case else []
    await client.start_workflow(
        STORIES[prefix].__name__,
        Subject(subject),
        id=workflow_id,
        task_queue=TASK_QUEUE,
        start_signal="wake",
        start_signal_args=[fact],
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=TypedSearchAttributes(attributes),
    )


async def wake_all(client: Client, wakes: Mapping[str, Headers]) -> None:
    """Wakes these workflows, each because of a fact. Ids of no story are left alone."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(workflow_id: str, fact: Headers) -> None:
        async with limit:
            await wake(client, workflow_id, fact.type, fact.case)

    async with asyncio.TaskGroup() as tasks:
        for workflow_id, fact in wakes.items():
            if can_wake(workflow_id):
                tasks.create_task(one(workflow_id, fact))
            else:
                log.error("no story has this id", workflow=workflow_id, fact=fact.type)
