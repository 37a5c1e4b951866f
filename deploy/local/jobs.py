"""What a server needs once it answers, and a database before its service starts. Again does no harm."""

import os
import sys

from deploy.local import kafka, postgres, temporal
from deploy.local.layout import SERVICES, Layout


def databases(layout: Layout) -> None:
    postgres.provision(layout.postgres, SERVICES)


async def topics(layout: Layout) -> None:
    await kafka.provision(layout.kafka)


async def namespace(layout: Layout) -> None:
    await temporal.provision(layout.address("temporal"))


def migrate(layout: Layout, service: str) -> None:
    """Ends with EX_CONFIG where the tables are those of another version."""
    from services.chassis.migrate import AnotherVersion, upgrade

    try:
        upgrade(service, layout.postgres.owner_url(service), service)
    except AnotherVersion as reason:
        print(reason, file=sys.stderr)
        sys.exit(os.EX_CONFIG)
