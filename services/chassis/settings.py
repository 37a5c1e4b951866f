"""Everything a process is told from outside, read once from the environment (prefix RELAIS_)."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Seeds: TypeAlias = Literal["none", "partnerships", "demo"]


class Settings(BaseSettings):
    """Settings of one process.

    service        name of the service, worker, bridge or gateway this process is
    data           folder of this service's files (attachments, keys); made if missing
    clock          file with the segments of the business clock (services/chassis/clock.py);
                   a missing file means rate 1
    database_url   postgresql://user:password@host:port/database of this service alone
    kafka          bootstrap servers, host:port[,host:port]
    temporal       host:port of the Temporal frontend
    smtp           host:port of the mail relay (directory and notifications)
    smtp_security  none, starttls, or tls from the first byte; the server's certificate is checked
    smtp_user, smtp_password   with which to log in there; empty where nobody asks
    reply_domain   of the addresses to which mails about a case are answered; empty: they say not to answer
    reply_secret   with which these addresses are signed (notifications and applications, the same)
    mail_in        host:port where applications takes mails for that domain in; empty: it takes none
    web_url        the one public address, without a trailing slash: what mails and redirects say
    files_url      the public address of the origin that gives out files and knows no cookies: another host name than
                   web_url's, behind which /kept/<service>/… leads to that service
    scanner        ClamAV's daemon, host:port or the path of its socket; empty: files are not scanned, and pages say so
    dropped_days   after how many days a file that nothing refers to is removed
    directory_url  where tokens are renewed and public keys are published
    port           where this process serves HTTP on host
    seeds          what an empty directory begins with: nothing, the known clusters and partnerships, or these and
                   the people of the demonstration
    first_operator mail address of who becomes operator as long as there is none (directory only)
    oidc_issuer, oidc_client, oidc_secret, oidc_name   an OpenID provider to sign in at, what Relais is called
                   there, and what people call it (directory only); empty: none
    services       name of a service → its address, as JSON (overview only: the monitor asks each how it is)
    """

    model_config = SettingsConfigDict(env_prefix="RELAIS_", extra="ignore")

    service: str = ""
    data: Path = Path(".relais")
    clock: Path = Path(".relais/clock.json")
    database_url: SecretStr = SecretStr("")
    kafka: str = "127.0.0.1:9092"
    temporal: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    temporal_web_url: str = ""
    mail_web_url: str = ""
    smtp: str = "127.0.0.1:1025"
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "relais@relais.example"
    reply_domain: str = ""
    reply_secret: SecretStr = SecretStr("")
    mail_in: str = ""
    web_url: str = "http://localhost:8000"
    files_url: str = "http://127.0.0.1:8016"
    scanner: str = ""
    dropped_days: Annotated[int, Field(ge=1)] = 30
    directory_url: str = "http://127.0.0.1:8001"
    host: str = "127.0.0.1"
    port: int = 8000
    seeds: Seeds = "none"
    first_operator: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    oidc_name: str = ""
    services: dict[str, str] = {}
    log_json: bool = True
    secure_cookies: bool = False
