"""What a process counts, for Prometheus: one registry per process, read at /metrics.

Labels are words of our own (topics, readers, outcomes), never ids, so the number of series stays small.
"""

from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import Response

requests = Counter("relais_http_requests_total", "Answers by kind of path and status", ["face", "status"])

outbox_unpublished = Gauge("relais_outbox_unpublished", "Facts that the broker has not acknowledged yet")
outbox_oldest = Gauge("relais_outbox_oldest_seconds", "Age of the oldest fact that is not published yet")
relay_leads = Gauge("relais_relay_leads", "1 in the one process of a service that publishes")
facts_published = Counter("relais_facts_published_total", "Facts that the broker acknowledged", ["topic"])
refeeds = Counter(
    "relais_refeeds_total", "Times a topic was published again, since records were lost", ["topic"]
)

facts_heard = Counter(
    "relais_facts_heard_total", "Records by what became of them", ["reader", "topic", "outcome"]
)
reader_behind = Gauge(
    "relais_reader_behind",
    "Records that a reader has still to read, over all its processes",
    ["reader", "topic"],
)
mails_received = Counter(
    "relais_mails_received_total", "Mails that came in, by what became of them", ["outcome"]
)

files_waiting = Gauge("relais_files_waiting", "Files that the scanner has still to look at")
files_scanned = Counter("relais_files_scanned_total", "Files that the scanner has looked at", ["outcome"])

parked = Gauge("relais_parked", "Records that wait", ["reader", "reason"])
parked_oldest = Gauge(
    "relais_parked_oldest_seconds", "Age of the record that waits longest", ["reader", "reason"]
)


def answered(path: str, status: int) -> None:
    """Counts one answer."""
    _answers("api" if path.startswith("/api/") else "page", status).inc()


@cache
def _answers(face: str, status: int) -> Counter:
    return requests.labels(face, str(status))


async def show(request: Request) -> Response:
    """The handler of /metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
