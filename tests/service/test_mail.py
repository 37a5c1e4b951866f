"""Mail on its way to a mail server that wants an encrypted connection and a login."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from deploy.local.mail import Mailbox
from services.chassis.mail import hand_over
from services.chassis.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

Security = Literal["none", "starttls", "tls"]
LOGIN = ("relais", "between-us")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and certificate of a server on this machine, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(pem))
    return file


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == LOGIN
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def mail_server(box: Mailbox, certificate: Path, security: Security) -> AsyncGenerator[str]:
    """Takes mail only over TLS and only from who logs in; its address."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    within = security == "starttls"

    def protocol() -> SMTP:
        return SMTP(
            box,
            tls_context=context if within else None,
            require_starttls=within,
            auth_required=True,
            auth_require_tls=within,
            authenticator=known,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=None if within else context)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "relais@relais.example", "ada@example.org", "Granted"
    mail.set_content("Your visit to Tartu is granted.")
    return mail


def settings(address: str, security: Security, password: str = LOGIN[1]) -> Settings:
    return Settings(
        smtp=address, smtp_security=security, smtp_user=LOGIN[0], smtp_password=SecretStr(password)
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_goes_over_tls_with_a_login(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: Security
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = Mailbox(tmp_path / "mail")
    async with mail_server(box, certificate, security) as address:
        await hand_over(letter(), settings(address, security), 10)
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await hand_over(letter(), settings(address, security, "guessed"), 10)
    assert [mail.subject for mail in box.mails()] == ["Granted"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_nothing_is_told_to_a_server_that_nobody_vouches_for(
    tmp_path: Path, certificate: Path, security: Security
) -> None:
    box = Mailbox(tmp_path / "mail")
    async with mail_server(box, certificate, security) as address:
        with pytest.raises((aiosmtplib.SMTPException, OSError)):
            await hand_over(letter(), settings(address, security), 10)
    assert list(box.mails()) == []


async def test_mail_never_falls_back_to_an_open_connection(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "mail")
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(aiosmtplib.SMTPException):
            await hand_over(letter(), settings(f"{host}:{port}", "starttls"), 10)
    assert list(box.mails()) == []
