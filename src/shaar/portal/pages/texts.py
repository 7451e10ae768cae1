"""The text pages: what they are called, what they say at first, what they say now, and their versions."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shaar.access.api import Actor, check
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.texts import LANGUAGES, Text
from shaar.portal.models import PageVersion
from shaar.portal.permissions import WRITE
from shaar.search.api import changed

PAGES = "portal.page"
TITLES: dict[str, str | Promise] = {
    "about": gettext_lazy("About this site"),
    "accessibility": gettext_lazy("Accessibility statement"),
    "privacy": gettext_lazy("Privacy and cookies"),
    "contacts": gettext_lazy("Contacts"),
}
GIVEN = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class PageView:
    """A text page as it is said now; number 0 is the text that comes with the program."""

    code: str
    title: str | Promise
    body: Text
    number: int
    written_at: datetime | None
    written_by: str


def page(code: str, *, number: int | None = None) -> PageView:
    """Return a page as it is now, or one of its versions; Refusal `unknown_page`."""
    if code not in TITLES:
        raise _unknown()
    rows = PageVersion.objects.filter(page=code)
    row = rows.order_by("-number").first() if number is None else rows.filter(number=number).first()
    if row is not None:
        body = Text(row.body_ru, row.body_ky, row.body_en)
        return PageView(code, TITLES[code], body, row.number, row.written_at, row.written_by)
    if number:
        raise _unknown()
    return PageView(code, TITLES[code], given(code), 0, None, "")


def versions(code: str) -> list[PageView]:
    """Return the versions of a page, the newest first, the text that comes with the program last."""
    rows = PageVersion.objects.filter(page=code).order_by("-number")
    found = [
        PageView(
            code,
            TITLES[code],
            Text(row.body_ru, row.body_ky, row.body_en),
            row.number,
            row.written_at,
            row.written_by,
        )
        for row in rows
    ]
    return [*found, PageView(code, TITLES[code], given(code), 0, None, "")]


@transaction.atomic
def write_page(code: str, body: Text, *, after: int, actor: Actor, at: datetime) -> int:
    """Add a version to a page and return its number.

    Refusals `forbidden`, `unknown_page`, `text_missing`, `changed_meanwhile` unless `after` is the newest.
    """
    check(actor, WRITE)
    if code not in TITLES:
        raise _unknown()
    message = _("Write this in Russian and in Kyrgyz.")
    missing = [one for one in ("ru", "ky") if not getattr(body, one).strip()]
    refuse_all([Refusal("text_missing", message, place=Place(field=f"body_{one}")) for one in missing])
    newest = PageVersion.objects.select_for_update().filter(page=code).order_by("-number").first()
    number = (newest.number if newest else 0) + 1
    if number != after + 1:
        message = _(
            "Somebody else has changed this meanwhile. Copy your text, open the page anew and add it."
        )
        raise Refusal("changed_meanwhile", message)
    PageVersion.objects.create(
        page=code,
        number=number,
        **{f"body_{one}": getattr(body, one).strip() for one in LANGUAGES},
        written_at=at,
        written_by=actor.name,
        writer=actor.id,
    )
    changed(PAGES)
    return number


@cache
def given(code: str) -> Text:
    """Return the text of a page that comes with the program."""
    return Text(*((GIVEN / f"{code}.{one}.md").read_text(encoding="utf-8") for one in LANGUAGES))


def _unknown() -> Refusal:
    return Refusal("unknown_page", _("There is no such page."))
