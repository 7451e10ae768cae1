"""The text pages as the public reads them and as staff write them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shaar.access.api import actor_of, public, requires
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import LANGUAGES, Text
from shaar.portal.pages import contacts, texts
from shaar.portal.permissions import WRITE

LONGEST = 40_000


def _text(*, rows: int = 16) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PageForm(forms.Form):
    """What a page says in each language."""

    after = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    body_ru = forms.CharField(
        label=gettext_lazy("Text in Russian"),
        max_length=LONGEST,
        widget=_text(),
        help_text=gettext_lazy(
            "An empty line begins a new paragraph. ## makes a heading, - a list, **bold**,"
            " [words](address) a link."
        ),
    )
    body_ky = forms.CharField(label=gettext_lazy("Text in Kyrgyz"), max_length=LONGEST, widget=_text())
    body_en = forms.CharField(
        label=gettext_lazy("Text in English, if there is one"),
        max_length=LONGEST,
        widget=_text(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


@public
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a text page; that of contacts also names the units of the city."""
    found = contacts.contacts() if code == "contacts" else None
    return render(request, "portal/pages/page.html", {"page": texts.page(code), "contacts": found})


@requires(WRITE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the text pages and who wrote their newest versions."""
    return render(request, "portal/pages/staff.html", {"pages": [texts.page(code) for code in texts.TITLES]})


@requires(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write a new version of a page, from the newest or, to come back to it, from an older one."""
    try:
        now, start = texts.page(code), texts.page(code, number=_number(request.GET.get("version")))
    except Refusal as refusal:
        raise Http404 from refusal
    initial = {"after": now.number, **{f"body_{one}": getattr(start.body, one) for one in LANGUAGES}}
    form = PageForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        body = Text(*(form.cleaned_data[f"body_{one}"] for one in LANGUAGES))
        after = form.cleaned_data["after"] or 0
        try:
            texts.write_page(code, body, after=after, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error(problem.place.field if problem.place else None, str(problem.message))
        else:
            messages.success(request, _("The new version is shown to the public."))
            return redirect("portal:edit-page", code)
    context = {"form": form, "page": now, "start": start, "versions": texts.versions(code)}
    return render(request, "portal/pages/edit.html", context)


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 7 else None
