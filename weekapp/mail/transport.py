"""How a mail leaves the house: by SMTP, or as a file in DATA_DIR/mail where no mail server is configured."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from weekapp.config import Settings

TIMEOUT = 20  # seconds for each step of the conversation
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def send(mail: EmailMessage, file_name: str, settings: Settings) -> str:
    """Hand a mail over. The answer is empty, or what kind of thing went wrong (never an address)."""
    try:
        if settings.mail_url:
            send_by_smtp(mail, urlsplit(settings.mail_url))
        else:
            write(mail, settings.data_dir / "mail" / file_name)
    except (smtplib.SMTPException, OSError) as error:
        return what_went_wrong(error)
    return ""


def what_went_wrong(error: Exception) -> str:
    """The kind of an error and the number that the mail server gave; its text could quote the recipient."""
    code = getattr(error, "smtp_code", "")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((refusal[0] for refusal in error.recipients.values()), "")
    return f"{type(error).__name__} {code}".strip()


def send_by_smtp(mail: EmailMessage, address: SplitResult) -> None:
    """One conversation with the mail server; certificates are checked."""
    host, port, context = address.hostname or "", address.port or PORTS[address.scheme], ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if address.scheme == "smtp+starttls":
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(mail)


def write(mail: EmailMessage, path: Path) -> None:
    """A whole file or none; the same mail again replaces the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(mail.as_bytes())
    part.replace(path)
