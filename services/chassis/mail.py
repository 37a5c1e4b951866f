"""The way to the mail server, the same for every service that writes mails."""

from email.message import EmailMessage

import aiosmtplib

from services.chassis.settings import Settings


async def hand_over(mail: EmailMessage, settings: Settings, patience: float) -> None:
    """Returns when the server has taken the mail; aiosmtplib's SMTPException or OSError say why not.

    patience   seconds that each answer of the server may take
    """
    host, port = settings.smtp.rsplit(":", 1)
    await aiosmtplib.send(
        mail,
        hostname=host,
        port=int(port),
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        timeout=patience,
    )
