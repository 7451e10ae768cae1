"""Public pages of ratings: published editions, which never change."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ratings import shown
from shaar.ratings.models import Edition

MOST = 100


@public
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """List what was published, the newest first."""
    rows = Edition.objects.select_related("round__regulation").order_by("-pk")[:MOST]
    listed = [
        {"row": row, "title": row.round.regulation.declared.title, "period": Period.parse(row.round.period)}
        for row in rows
    ]
    return render(request, "ratings/editions.html", {"editions": listed, "language": shown.language()})


@public
@require_safe
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """Show a published rating as it was frozen, beside the one before."""
    row = _edition(number)
    said = shown.document_of(row)
    groups = [
        {
            "name": Text(**group["name"]),
            "flat": group["flat"],
            "units": [_unit(one) for one in group["units"]],
        }
        for group in said["groups"]
    ]
    period = Period.parse(said["period"])
    values = {
        "row": row,
        "said": said,
        "title": Text(**said["regulation"]["title"]),
        "note": Text(**said["regulation"]["note"]),
        "period": period.name(shown.language()),
        "groups": groups,
        "compared": shown.comparison(row),
        "later": Edition.objects.filter(round=row.round, number__gt=row.number).order_by("-number").first(),
    }
    return render(request, "ratings/edition.html", values)


@public
@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Send an edition exactly as it was frozen: its SHA-256 is of these bytes."""
    row = _edition(number)
    answer = HttpResponse(row.document.encode(), content_type="application/json")
    answer["ETag"] = f'"{row.sha256}"'
    return answer


def _edition(number: int) -> Edition:
    row = Edition.objects.select_related("round__regulation").filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_edition", _("There is no such edition."))
    return row


def _unit(one: dict[str, Any]) -> dict[str, Any]:
    named = {"name": Text(**one["name"]), "band": Text(**one["band"]) if one["band"] else None}
    told = {
        "reason": shown.REASONS.get(str(one["reason"]), ""),
        "interval": shown.interval(*(one["interval"] or (None, None))),
        "score": Decimal(one["score"]) if one["score"] is not None else None,
    }
    return one | named | told
