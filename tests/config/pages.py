"""Pages for the tests of the strict client and of the browser."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from shaar.access.api import public

PAGE = """<!DOCTYPE html>
<html lang="ru">
<head>
<meta charset="utf-8"><title>Проба</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/build/shaar.css">
</head>
<body class="govuk-template__body">
<main><h1>Проба</h1>BODY</main>
<script src="/static/build/main.js"></script>
</body>
</html>"""
BODIES = {
    "good": "<p>Улица Өзүбек, ң ү</p>",
    "inline-script": "<script>window.ran = true</script>",
    "inline-style": '<p style="color: red">red</p>',
    "inline-event": '<button onclick="go()">go</button>',
    "unrendered": "<p>{{ name }}</p>",
    "inaccessible": '<img src="/static/build/missing.png">',
    "fails": "<p></p><script src='/fails.js'></script>",
}


@public
def show(_request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(PAGE.replace("BODY", BODIES[name]))


@public
def render(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template("{{ unknown }}").render(Context({})))


@public
def failing_script(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("throw new Error('broken on purpose')", content_type="text/javascript")


@public
def quiet_script(request: HttpRequest) -> HttpResponse:
    """Answer for the worker that every page registers."""
    return HttpResponse("", content_type="text/javascript")


urlpatterns = [
    path("pages/<name>/", show),
    path("unknown/", render),
    path("fails.js", failing_script),
    path("sw.js", quiet_script),
]
