"""E-mail by SMTP, to the address that the person confirmed."""

import hashlib
import smtplib
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from shaar.access.api import settings_of
from shaar.cases.channels.base import Gone, Later, Message, Refused
from shaar.cases.workflows import Name

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FOR_GOOD = 500


class Mail:
    """Sends plain text; the Message-ID is made of the tag, so that a repetition is known as one."""

    code = "email"
    name: Name = _("E-mail")

    def is_ready(self) -> bool:
        """Tell whether SHAAR_EMAIL_URL is set."""
        return bool(settings.SHAAR_EMAIL)

    def targets(self, user_id: int) -> Sequence[int | None]:
        """Return [None] for a person with a confirmed address."""
        return [None] if settings_of(user_id).email else []

    def send(self, message: Message, *, user_id: int, subscription: int | None) -> None:  # noqa: ARG002
        """Send a message: an answer of 4xx means later, of 5xx never."""
        address = settings_of(user_id).email
        if not address:
            raise Gone("no address")
        mail = EmailMessage(
            message.title,
            message.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[address],
            headers={"Message-ID": message_id(message.tag), "Auto-Submitted": "auto-generated"},
            connection=get_connection(SMTP, fail_silently=False),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise _answered(max(codes, default=FOR_GOOD)) from error
        except smtplib.SMTPResponseException as error:
            raise _answered(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Later("connection failed") from error


def message_id(tag: str) -> str:
    """Return the Message-ID of whatever carries the tag."""
    host = urlsplit(settings.SHAAR_PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(tag.encode()).hexdigest()[:32]}@{host}>"


def _answered(code: int) -> Later | Refused:
    return Refused(f"smtp {code}") if code >= FOR_GOOD else Later(f"smtp {code}")
