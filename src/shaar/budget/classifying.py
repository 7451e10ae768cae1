"""Keeps the codes of the classification on pages: a version from a day, an end; nothing is removed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, check
from shaar.budget.codes import codes_on
from shaar.budget.models import Heading, Total
from shaar.budget.permissions import CLASSIFY
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.texts import Text

LOCK = 0x434F4445
CODE = re.compile(r"[\w.\-/]{1,40}")
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a code as a person enters it."""

    classification: str
    code: str
    parent: str
    name: Text
    is_transfer: bool
    valid_from: date


def add(version: Version, *, actor: Actor) -> int:
    """Add a version of a code from a day on and return its number; the one before ends the day before.

    Refusal with `place.field`: `malformed_code`, `unknown_parent`, `stands_already`.
    """
    check(actor, CLASSIFY)
    if not CODE.fullmatch(version.code):
        text = _("A code is up to 40 letters, digits, dots, hyphens or slashes, without spaces.")
        raise Refusal("malformed_code", text, place=Place(field="code"))
    with transaction.atomic(), acting(actor):
        _lock()
        _check_parent(version)
        versions = versions_of(version.classification, version.code)
        if versions.filter(valid_from=version.valid_from).exists():
            text = _("A version of this code stands from this very day.")
            raise Refusal("stands_already", text, place=Place(field="valid_from"))
        later = versions.filter(valid_from__gt=version.valid_from).order_by("valid_from").first()
        open_still = Q(valid_to=None) | Q(valid_to__gte=version.valid_from)
        earlier = versions.filter(open_still, valid_from__lt=version.valid_from)
        earlier.update(valid_to=version.valid_from - A_DAY, is_local=True)
        row = Heading.objects.create(
            classification=version.classification, code=version.code, parent=version.parent,
            name_ru=version.name.ru, name_ky=version.name.ky, name_en=version.name.en,
            is_transfer=version.is_transfer, valid_from=version.valid_from,
            valid_to=later.valid_from - A_DAY if later else None, is_local=True,
        )  # fmt: skip
    return int(row.pk)


def close(number: int, *, last: date, actor: Actor) -> None:
    """Let a version end with a day.

    Refusal `unknown_code`, `ends_before_start`, `closed`, `has_parts`, `still_used`.
    """
    check(actor, CLASSIFY)
    with transaction.atomic(), acting(actor):
        _lock()
        row = Heading.objects.filter(pk=number).first()
        if row is None:
            raise Refusal("unknown_code", _("There is no such code."))
        if row.valid_to is not None and row.valid_to <= last:
            words = {"day": row.valid_to.strftime("%d.%m.%Y")}
            raise _at_end("closed", _("This version ends on %(day)s already.") % words)
        if last < row.valid_from:
            words = {"day": row.valid_from.strftime("%d.%m.%Y")}
            raise _at_end("ends_before_start", _("It begins on %(day)s: it cannot end before.") % words)
        _check_free(row, last)
        row.valid_to, row.is_local = last, True
        row.save(update_fields=["valid_to", "is_local"])


def versions_of(classification: str, code: str) -> "QuerySet[Heading]":
    """Return every version of a code, the earliest first."""
    return Heading.objects.filter(classification=classification, code=code).order_by("valid_from")


def _lock() -> None:
    """Let one person at a time change the classification."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])


def _check_parent(version: Version) -> None:
    known = codes_on(version.valid_from)
    if (
        version.parent
        and version.parent != version.code
        and (version.classification, version.parent) in known
    ):
        return
    if version.parent:
        text = _("There is no code “%(code)s” in this classification on that day.") % {"code": version.parent}
        raise Refusal("unknown_parent", text, place=Place(field="parent"))


def _check_free(row: Heading, last: date) -> None:
    """Refuse an end that would leave parts without a whole, or money without a code."""
    parts = Heading.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), classification=row.classification)
    part = parts.filter(parent=row.code).exclude(pk=row.pk).order_by("code").first()
    if part is not None:
        raise _at_end(
            "has_parts", _("The code “%(code)s” stands under it: close that first.") % {"code": part.code}
        )
    after = Q(year__gt=last.year) | Q(year=last.year, month__gt=last.month)
    until = Q() if row.valid_to is None else Q(year__lte=row.valid_to.year)
    used = Total.objects.filter(after, until, classification=row.classification, code=row.code, held__gt=0)
    first = used.order_by("year", "month").first()
    if first is not None:
        words = {"month": f"{first.month:02}.{first.year}"}
        raise _at_end("still_used", _("Money of %(month)s stands under this code: close it later.") % words)


def _at_end(code: str, text: str) -> Refusal:
    return Refusal(code, text, place=Place(field="valid_to"))
