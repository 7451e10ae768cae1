"""Hands out a report's files: of a published edition, byte for byte, or a draft of what the data say now."""

from django.conf import settings
from django.utils.translation import gettext as _

from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.reports.composing import Imprint
from shaar.reports.editions import edition, edition_file
from shaar.reports.forms import kept_form
from shaar.reports.gather import gather
from shaar.reports.rendering import file_name, render


def public_url() -> str:
    """Return the address at which the public reaches this installation."""
    return str(settings.SHAAR_PUBLIC_URL)


def report_files(
    programme: str,
    year: int,
    *,
    number: int | None = None,
    language: str | None = None,
    is_draft: bool = False,
) -> dict[str, bytes]:
    """Return files by name: of an edition (the newest by default), else a draft.

    Raises Refusal `unknown_edition` for a number that was never published.
    """
    found = None if is_draft else edition(programme, year, number=number)
    if found is None and number is not None:
        message = _("There is no edition %(number)s of the report for %(year)s.")
        raise Refusal("unknown_edition", message % {"number": number, "year": year})
    if found is None:
        return _draft(programme, year, language=language)
    return {
        file.name: edition_file(programme, year, language=file.language, form=file.form, number=found.number)
        for file in found.files
        if language in (None, file.language)
    }


def _draft(programme: str, year: int, *, language: str | None) -> dict[str, bytes]:
    snapshot = gather(programme, year, form=kept_form(), at=clock.now())
    if language is not None and language not in snapshot.templates:
        raise Refusal("template_missing", _("The report has no text in this language."))
    return {
        file_name(year, each, form): content
        for each in ([language] if language else snapshot.languages())
        for form, content in render(snapshot, each, Imprint(public_url())).items()
    }
