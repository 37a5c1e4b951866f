"""Exactly those workflows are open which the state tables say must be open, and none of them is stuck."""

from temporalio.client import Client
from temporalio.service import RPCError

from contracts.catalogue import FACTS
from deploy.verify.evidence import Evidence, Finding
from workflows.wake import STORIES

_RUNNING = "ExecutionStatus = 'Running'"


async def check(evidence: Evidence) -> Finding:
    """The last fact of each subject beside the stories that Temporal has open, both ways."""
    finding = Finding()
    wanted: dict[str, str] = {}
    for service in evidence.services:
        for row in await evidence.last_facts(service):
            if fact := FACTS.get(row.type):
                finding.examined += 1
                final = row.type.split(".")[2] == "finalised"
                if fact.table.must_be_open(row.state, final):
                    id = fact.table.workflow.format(subject=row.subject, case=row.case_id)
                    wanted[id] = f"{fact.table.name} {row.subject} is {row.state}"
    try:
        client = await Client.connect(evidence.places.temporal)
        running = {
            found.id
            async for found in client.list_workflows(_RUNNING)
            if found.id.partition("/")[0] in STORIES
        }
        stuck = [id for id in sorted(running) if await is_stuck(client, id)]
    except (RPCError, RuntimeError) as reason:
        finding.violations.append(f"Temporal does not answer at {evidence.places.temporal}: {reason}")
        return finding
    finding.violations += [f"{id} is not open, and {wanted[id]}" for id in sorted(wanted.keys() - running)]
    finding.violations += [
        f"{id} is open, and nothing waits for it" for id in sorted(running - wanted.keys())
    ]
    finding.violations += [f"{id} is open, and its next step fails again and again" for id in stuck]
    return finding


async def is_stuck(client: Client, id: str) -> bool:
    """Whether a workflow task has failed and is tried again: the story does not know what to do."""
    described = await client.get_workflow_handle(id).describe()
    return described.raw_description.pending_workflow_task.attempt > 1
