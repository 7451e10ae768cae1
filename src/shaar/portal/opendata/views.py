"""The pages and files of open data; every file has an ETag of its content."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.portal.opendata import describing
from shaar.portal.opendata.datasets import BY_CODE, DATASETS
from shaar.portal.opendata.outcomes import Dataset
from shaar.portal.opendata.writing import TYPES, make, shown
from shaar.portal.pack import kept_words

SHOWN = 10
SERIAL = {"ttl": ("turtle", "text/turtle"), "jsonld": ("json-ld", "application/ld+json")}
SCHEMAS: dict[str, tuple[Callable[[Dataset], dict[str, Any]], str]] = {
    "csv-metadata": (describing.csv_on_the_web, "application/csvm+json"),
    "datapackage": (describing.data_package, "application/json"),
}


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the catalogue."""
    context = {"datasets": DATASETS, "licence": kept_words().licence}
    return render(request, "portal/data/index.html", context)


@public
@require_safe
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    """Show one dataset: its files, its columns and its first rows."""
    found = _found(code)
    context = {
        "dataset": found,
        "rows": [shown(row) for row in islice(found.rows(), SHOWN)],
        "licence": kept_words().licence,
        "origin": found.origin() if found.origin else "",
    }
    return render(request, "portal/data/dataset.html", context)


@public
@require_safe
def dataset_file(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """Send a dataset in a format; 304 where the reader has exactly this content already."""
    found = _found(code)
    if form not in found.forms:
        raise Http404
    made = make(found, form)
    tag = f'"{made.digest}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        made.file.close()
        answer: HttpResponseBase = HttpResponseNotModified()
    elif request.method == "HEAD":
        made.file.close()
        answer = HttpResponse(content_type=TYPES[form])
        answer["Content-Length"] = str(made.size)
    else:
        answer = FileResponse(made.file, filename=f"{code}.{form}", content_type=TYPES[form])
        answer["Content-Length"] = str(made.size)
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, no-cache"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@require_safe
def dataset_schema(_request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Send what describes the columns of a dataset."""
    found = _found(code)
    if kind not in SCHEMAS:
        raise Http404
    describe, media = SCHEMAS[kind]
    answer = JsonResponse(
        describe(found), json_dumps_params={"ensure_ascii": False, "indent": 1}, content_type=media
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@require_safe
def catalogue(_request: HttpRequest, form: str) -> HttpResponse:
    """Send the catalogue by DCAT, as Turtle or JSON-LD."""
    if form not in SERIAL:
        raise Http404
    name, media = SERIAL[form]
    more: dict[str, Any] = {"context": describing.CONTEXT} if form == "jsonld" else {}
    text = describing.graph().serialize(format=name, encoding="utf-8", **more)
    answer = HttpResponse(text, content_type=f"{media}; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _found(code: str) -> Dataset:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]
