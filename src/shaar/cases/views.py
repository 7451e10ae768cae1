"""The download of files."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, staff
from shaar.cases import files, queries
from shaar.kernel.errors import Refusal


@require_safe
@staff
def download(request: HttpRequest, file_id: int) -> FileResponse:
    """Send a file to a person who gave it or who has a part in its case."""
    actor = actor_of(request)
    try:
        found, case_id = files.file(file_id), files.case_of(file_id)
    except Refusal as refusal:
        raise Http404 from refusal
    if not (files.is_giver(file_id, actor) or (case_id and queries.takes_part(actor, queries.get(case_id)))):
        raise Http404
    response = FileResponse(files.open_file(file_id), content_type=found.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
