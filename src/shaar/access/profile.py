"""What people choose for themselves, and the confirmation of an e-mail address by a link."""

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.core.validators import RegexValidator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shaar.access.actors import Actor, acting, actor_from
from shaar.access.models import User
from shaar.kernel import jobs
from shaar.kernel.errors import Refusal

SALT = "access.email"
LINK_HOLDS_SECONDS = 3 * 24 * 3600
telephone = RegexValidator(
    r"^\+?[0-9][0-9 ()\-]{4,24}$", gettext_lazy("Write a telephone number, such as +996 312 000000.")
)


def change(
    user_id: int, *, name: str, language: str, theme: str, email: str, phone: str, actor: Actor
) -> bool:
    """Keep what a person chose; return whether a new address must be confirmed first.

    Until then the old address stays in use. An empty address is taken at once.
    """
    with transaction.atomic(), acting(actor):
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
        user.display_name, user.language, user.theme, user.phone = name, language, theme, phone
        is_new = bool(email) and email not in (user.email, user.email_pending)
        if not email:
            user.email = user.email_pending = ""
        elif email == user.email:
            user.email_pending = ""
        else:
            user.email_pending = email
        user.save(update_fields=["display_name", "language", "theme", "phone", "email", "email_pending"])
        if is_new:
            jobs.defer("access.ask_to_confirm_email", user_id=user_id)
    return is_new


def address_of(token: str) -> str:
    """Return the address that a link is for; Refusal `link_old` when it was used, replaced or is too old."""
    return _read(token).email_pending


def confirm(token: str) -> None:
    """Take the address of a link into use; Refusal `link_old`."""
    user = _read(token)
    with transaction.atomic(), acting(actor_from(user)):
        found = User.objects.filter(pk=user.pk, email_pending=user.email_pending)
        found.update(email=user.email_pending, email_pending="")


def send_link(user_id: int) -> None:
    """Send the link by which a person confirms their new address, in their language."""
    user = User.objects.filter(pk=user_id).exclude(email_pending="").first()
    if user is None:
        return
    token = signing.dumps([user.pk, user.email_pending], salt=SALT)
    link = settings.SHAAR_PUBLIC_URL + reverse("confirm-email", args=[token])
    with override(user.language):
        text = _(
            "%(name)s, open this link to get notices at this address:\n\n%(link)s\n\n"
            "It holds for three days. If you did not ask for it, do nothing."
        )
        send_mail(
            _("Confirm your address"),
            text % {"name": user.display_name, "link": link},
            None,
            [user.email_pending],
        )


def _read(token: str) -> User:
    refusal = Refusal("link_old", gettext_lazy("This link was used already, or it is too old."))
    try:
        number, address = signing.loads(token, salt=SALT, max_age=LINK_HOLDS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise refusal from error
    user = User.objects.filter(pk=number, email_pending=address, is_active=True).first()
    if user is None or not address:
        raise refusal
    return user
