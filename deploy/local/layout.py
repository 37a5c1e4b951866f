"""Where a stack keeps its files and on which ports its processes answer: it all follows from three words."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.postgres import Postgres

SERVICES = ("directory", "applications", "events", "reimbursements", "notifications", "overview")
"""Each has a database of its own."""

_PORTS = (
    "gateway",
    *SERVICES,
    "worker",
    "bridge",
    "mail",
    "smtp",
    "temporal",
    "temporal-web",
    "kafka",
    "kafka-controller",
    "postgres",
    "files",
    "mail-in",
)
PORTS = len(_PORTS)
DEFAULT_DATA = Path(".relais")
DEFAULT_PORT_BASE = 8000


@dataclass(frozen=True)
class Layout:
    """One stack.

    data       absolute folder of everything it writes
    port_base  first of its eighteen ports; the gateway answers there
    cluster    host:port of an existing Kafka cluster; empty when the stack runs a broker of its own
    """

    data: Path
    port_base: int = DEFAULT_PORT_BASE
    cluster: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", self.data.resolve())

    def port(self, name: str) -> int:
        return self.port_base + _PORTS.index(name)

    def ports(self) -> Iterator[tuple[str, int]]:
        """The ports that this stack needs, each with the process that answers there."""
        for name in _PORTS:
            if not (self.cluster and name.startswith("kafka")):
                yield name, self.port(name)

    def address(self, name: str) -> str:
        return f"127.0.0.1:{self.port(name)}"

    def url(self, name: str) -> str:
        """People reach it by a name, since a passkey is bound to one; files leave by the number, without cookies."""
        return f"http://localhost:{self.port(name)}" if name == "gateway" else f"http://{self.address(name)}"

    def log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    @property
    def state(self) -> Path:
        """What the supervisor last said about itself."""
        return self.data / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.data / "lock"

    @property
    def clock(self) -> Path:
        return self.data / "clock.json"

    @property
    def kafka(self) -> str:
        return self.cluster or self.address("kafka")

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.data / "postgres", self.port("postgres"), self.data / "secrets.json")

    @property
    def urls(self) -> dict[str, str]:
        """What `relais status` shows: nothing secret in it."""
        return {
            "web": self.url("gateway"),
            "temporal": self.url("temporal-web"),
            "mail": self.url("mail"),
            "kafka": self.kafka,
            "postgres": f"postgresql://{self.address('postgres')}",
        }

    def environment(self, name: str) -> dict[str, str]:
        """What a process of ours is told (services/chassis/settings.py)."""
        told = {
            "SERVICE": name,
            "DATA": str(self.data / name),
            "CLOCK": str(self.clock),
            "KAFKA": self.kafka,
            "TEMPORAL": self.address("temporal"),
            "TEMPORAL_WEB_URL": self.url("temporal-web"),
            "MAIL_WEB_URL": self.url("mail"),
            "SMTP": self.address("smtp"),
            "REPLY_DOMAIN": "cases.relais.example",
            "REPLY_SECRET": self.postgres.password("replies"),
            "MAIL_IN": self.address("mail-in"),
            "WEB_URL": self.url("gateway"),
            "FILES_URL": self.url("files"),
            "DIRECTORY_URL": self.url("directory"),
            "SEEDS": "demo",
            "PORT": str(self.port(name)),
            "SERVICES": json.dumps({service: self.url(service) for service in SERVICES}),
        }
        if name in SERVICES:
            told["DATABASE_URL"] = self.postgres.url(name)
        return {f"RELAIS_{key}": value for key, value in told.items()}

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "data": str(self.data)})

    @classmethod
    def from_json(cls, text: str) -> "Layout":
        fields = json.loads(text)
        return cls(Path(fields["data"]), fields["port_base"], fields["cluster"])
