"""Pages of the annual report: the report itself, its files, its editions and what differs between them."""

from functools import lru_cache
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import actor_of, public, requires
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.reports.composing import Imprint, compose
from shaar.reports.delivery import public_url
from shaar.reports.documents import Document
from shaar.reports.editions import EditionView, edition, edition_file, edition_snapshot, editions, publish
from shaar.reports.forms import kept_form
from shaar.reports.gather import gather
from shaar.reports.permissions import PUBLISH, can_publish, check_publish
from shaar.reports.rendering import FORMATS, MEDIA_TYPES


@public
@require_safe
def report(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """Show an edition of the report, the newest by default, in the reader's language if it has it."""
    found = _edition(request, programme, year)
    language = _language(request, found) if found else "ru"
    document = _document(programme, year, found.number, found.hash, language) if found else None
    context = {
        "programme": programme,
        "year": year,
        "edition": found,
        "document": document,
        "language_of_report": language,
        "files": [file for file in found.files if file.language == language] if found else [],
        "may_publish": can_publish(actor_of(request)),
    }
    return render(request, "reports/report.html", context)


@public
@require_safe
def download(request: HttpRequest, programme: str, year: int, form: str) -> FileResponse:
    """Send a file of an edition, byte for byte."""
    found = _edition(request, programme, year)
    if found is None or form not in FORMATS:
        raise Http404
    file = found.file(_language(request, found), form)
    if file is None:
        raise Http404
    content = edition_file(programme, year, language=file.language, form=form, number=found.number)
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=file.name, content_type=MEDIA_TYPES[form]
    )
    response["ETag"] = f'"{file.sha256}"'
    return response


@public
@require_safe
def edition_list(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """List the editions of a year's report."""
    context = {
        "programme": programme,
        "year": year,
        "editions": editions(programme, year),
        "may_publish": can_publish(actor_of(request)),
    }
    return render(request, "reports/editions.html", context)


@public
@require_safe
def edition_page(request: HttpRequest, programme: str, year: int, number: int) -> HttpResponse:
    """Show an edition's hash, files and what differs from the one before."""
    found = edition(programme, year, number=number)
    if found is None:
        raise Http404
    names = {
        (figure.indicator, figure.period): figure.name
        for figure in edition_snapshot(programme, year, number=number).figures
    }
    rows = [(change, names.get((change.indicator, change.period))) for change in found.differences]
    context = {"programme": programme, "year": year, "edition": found, "rows": rows}
    return render(request, "reports/edition.html", context)


@requires(PUBLISH)
@require_POST
def publish_edition(request: HttpRequest, programme: str, year: int) -> HttpResponse:
    """Freeze what the data say now as the next edition."""
    actor = actor_of(request)
    check_publish(actor)
    try:
        snapshot = gather(programme, year, form=kept_form(), at=clock.now())
        done = publish(snapshot, actor=actor, at=snapshot.taken_at, public_url=public_url())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:editions", programme=programme, year=year)
    messages.success(request, _("Edition %(number)s is published.") % {"number": done.number})
    return redirect("reports:edition", programme=programme, year=year, number=done.number)


@lru_cache(maxsize=8)
def _document(programme: str, year: int, number: int, content_hash: str, language: str) -> Document:
    """Compose a frozen edition; the hash in the key makes another content another entry."""
    snapshot = edition_snapshot(programme, year, number=number)
    found = edition(programme, year, number=number)
    changes = found.differences if found else ()
    return compose(snapshot, language, Imprint("", number, content_hash, changes))


def _edition(request: HttpRequest, programme: str, year: int) -> EditionView | None:
    asked = request.GET.get("edition", "")
    if asked and not asked.isdecimal():
        raise Http404
    found = edition(programme, year, number=int(asked) if asked else None)
    if found is None and asked:
        raise Http404
    return found


def _language(request: HttpRequest, found: EditionView) -> str:
    asked = request.GET.get("language") or (get_language() or "ru")[:2]
    return asked if asked in found.languages else found.languages[0]
