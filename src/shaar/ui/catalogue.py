"""The catalogue: every component with its parameters, its code and its examples, in light and in dark."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import Engine, RequestContext, Template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shaar.access.api import public, requires
from shaar.ui import samples
from shaar.ui.component import ComponentError, Example
from shaar.ui.registry import components, find

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
SEE = "ui.catalogue"
# Ids of an example stand on the page twice, once light and once dark.
LABEL = re.compile(r'<(?:nav|form|div) [^>]*?aria-label="[^"]*')
ID = re.compile(r'\b(id|for|aria-labelledby|aria-describedby|aria-controls|href|name)="(#?)([^"/]+)"')


def shown_to_builders(view: ViewT) -> ViewT:
    """Mark a page as public where the system is tried out, and open to a verb where it serves a city."""
    return requires(SEE)(view) if settings.PRODUCTION else public(view)


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as the catalogue shows it."""

    title: str
    source: SafeString
    light: SafeString
    dark: SafeString


@shown_to_builders
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every component by name."""
    return render(request, "ui/catalogue/index.html", {"components": components()})


@shown_to_builders
@require_safe
def component(request: HttpRequest, *, name: str) -> HttpResponse:
    """Show one component: parameters, examples, code."""
    try:
        found = find(name)
    except ComponentError as error:
        raise Http404(str(error)) from error
    examples = [_shown(example, request, 2 * place) for place, example in enumerate(found.examples)]
    context = {"component": found, "examples": examples, "trail": _trail()}
    return render(request, "ui/catalogue/component.html", context)


@shown_to_builders
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Show a form with every control; what is sent is checked and not kept."""
    sent = samples.ControlsForm(request.POST, request.FILES) if request.method == "POST" else None
    taken = sent.taken() if sent is not None and sent.is_valid() else []
    shown = sent if sent is not None and not taken else samples.ControlsForm()
    context = {"form": shown, "taken": taken, "trail": _trail()}
    return render(request, "ui/catalogue/form.html", context)


@shown_to_builders
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """Ask an example of a question; yes leads back with a word."""
    if request.method == "POST":
        messages.success(request, _("Done: but it was only an example."))
        return HttpResponseRedirect(reverse("ui:component", args=["confirm"]))
    return render(request, "ui/catalogue/question.html", {"trail": _trail()})


@shown_to_builders
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """Show an example of a data table; what is done with its rows is only told."""
    if request.method == "POST":
        told = {"count": len(request.POST.getlist("chosen")), "action": request.POST.get("action", "")}
        messages.success(request, _("Done with %(count)s rows: %(action)s.") % told)
        return HttpResponseRedirect(reverse("ui:table"))
    shown = samples.table(request)
    if shown.wants_file:
        return shown.file()
    return render(request, "ui/catalogue/table.html", {"table": shown, "trail": _trail()})


@shown_to_builders
@require_safe
def streets(request: HttpRequest) -> JsonResponse:
    """Give the invented streets whose names hold the typed words."""
    found = samples.streets(request.GET.get("q", "").strip())
    return JsonResponse({"options": [{"value": value, "label": label} for value, label in found]})


def _trail() -> list[tuple[str, str]]:
    return [(_("Catalogue of components"), reverse("ui:catalogue"))]


def _shown(example: Example, request: HttpRequest, number: int) -> Shown:
    source = Template("{% load ui i18n %}" + example.source, engine=Engine.get_default())
    given = {
        "form": samples.ControlsForm(),
        "refused": samples.refused_form(),
        "sample": samples.rows(request),
    }
    html = source.render(RequestContext(request, given))
    # The code is shown, not run: its braces are written as entities, as every other sign of markup.
    code = mark_safe(escape(example.source).replace("{", "&#123;"))  # noqa: S308 - escaped above
    light, dark = _numbered(html, number + 1), _numbered(_renamed(html), number + 2)
    return Shown(example.title, code, light, dark)


def _numbered(html: str, number: int) -> SafeString:
    """Return the example with a number after each name of a part, as no two parts of a page share a name."""
    return mark_safe(LABEL.sub(rf"\g<0> {number}", html))  # noqa: S308 - rendered by our own template


def _renamed(html: str) -> SafeString:
    """Return the example with ids and names of its own, so that both copies work on one page."""

    def renamed(match: re.Match[str]) -> str:
        attribute, hash_, words = match.groups()
        if attribute == "href" and not hash_:
            return match[0]
        ours = " ".join(f"dark-{word}" for word in words.split())
        return f'{attribute}="{hash_}{ours}"'

    return mark_safe(ID.sub(renamed, html))  # noqa: S308 - rendered by our own template
