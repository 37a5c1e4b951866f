"""What runs in a local stack: the servers, and our own processes, which are forked from the zygote."""

from dataclasses import dataclass

from deploy.local import kafka, postgres, temporal
from deploy.local.layout import SERVICES, Layout
from deploy.local.program import Program

SERVERS = ("postgres", "kafka", "temporal")


@dataclass(frozen=True)
class Child:
    """A process of ours.

    target    module:function; from the settings it makes an ASGI app (web) or runs until cancelled (not web).
              Either way GET /health/ready is answered on the process's port.
    web       whether the target makes an app that is to be served
    needs     processes that must have been ready once before it starts
    migrates  whether its database is brought up to date before it first starts
    """

    name: str
    target: str
    web: bool
    needs: tuple[str, ...] = SERVERS
    migrates: bool = False


TABLE = f"{__name__}:CHILDREN"
"""Name of the table below, as the supervisor and the zygote are told it; tests name another."""

CHILDREN: tuple[Child, ...] = (
    Child("mail", "deploy.local.mail:main", web=False, needs=()),
    *(Child(name, f"services.{name}.app:make_app", web=True, migrates=True) for name in SERVICES),
    Child("worker", "workflows.worker:main", web=False),
    Child("bridge", "workflows.bridge:main", web=False),
    Child("gateway", "deploy.gateway:make_app", web=True, needs=()),
    Child("files", "deploy.gateway:make_files_app", web=True, needs=()),
)


def servers(layout: Layout) -> tuple[Program, ...]:
    """The servers of a stack; no broker when it uses an existing cluster."""
    programs = [
        postgres.program(layout.postgres, layout.log("postgres")),
        temporal.program(
            layout.data / "temporal",
            layout.port("temporal"),
            layout.port("temporal-web"),
            layout.log("temporal"),
        ),
    ]
    if not layout.cluster:
        programs.append(
            kafka.program(
                layout.data / "kafka",
                layout.port("kafka"),
                layout.port("kafka-controller"),
                layout.log("kafka"),
            )
        )
    return tuple(programs)
