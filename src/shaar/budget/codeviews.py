"""The pages of the classification: every code with its days, a new version, an end."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, can, requires
from shaar.budget import classifying
from shaar.budget.classifying import Version
from shaar.budget.models import Classification, Heading, Line
from shaar.budget.permissions import CLASSIFY, VIEW
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.ui.forms import DateField
from shaar.ui.tables import Column, Table


class VersionForm(forms.Form):
    """A version of a code from a day on."""

    classification = forms.ChoiceField(label=_lazy("Classification"), choices=Classification.choices)
    code = forms.CharField(label=_lazy("Code"), max_length=40)
    name_ru = forms.CharField(label=_lazy("Name in Russian"), max_length=500)
    name_ky = forms.CharField(label=_lazy("Name in Kyrgyz"), max_length=500, required=False)
    parent = forms.CharField(label=_lazy("Under which code, if any"), max_length=40, required=False)
    is_transfer = forms.BooleanField(label=_lazy("These are official transfers"), required=False)
    valid_from = DateField(label=_lazy("In use from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def version(self) -> Version:
        """Return the version, once the form is valid."""
        given = self.cleaned_data
        return Version(
            given["classification"], given["code"].strip(), given["parent"].strip(),
            Text(given["name_ru"].strip(), given["name_ky"].strip()), given["is_transfer"],
            given["valid_from"],
        )  # fmt: skip


class EndForm(forms.Form):
    """The last day of a version."""

    valid_to = DateField(label=_lazy("Last day of use"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


@requires(VIEW)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every version of every code as a table that can be filtered and taken out."""
    rows = Heading.objects.order_by("classification", "code", "valid_from")
    table = Table(rows, _columns(), request=request, caption=_("Codes of the classification"))
    if table.wants_file:
        return table.file()
    may_classify = can(actor_of(request), CLASSIFY)
    return render(request, "budget/codes.html", {"table": table, "may_classify": may_classify})


@requires(VIEW)
@never_cache
@require_safe
def show(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show a version of a code with the others of it, and how many lines use the code."""
    return render(request, "budget/code.html", _context(request, number) | {"form": EndForm()})


@requires(CLASSIFY)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a version of a code."""
    asked = request.GET.get("of", "")
    of = Heading.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    names = ("classification", "code", "name_ru", "name_ky", "parent", "is_transfer")
    form = VersionForm(
        request.POST or None, initial={name: getattr(of, name) for name in names} if of else {}
    )
    if form.is_valid():
        try:
            number = classifying.add(form.version(), actor=actor_of(request))
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The version is added."))
            return redirect("budget:code", number=number)
    return render(request, "budget/new_code.html", {"form": form})


@requires(CLASSIFY)
@require_POST
def close(request: HttpRequest, *, number: int) -> HttpResponse:
    """Let a version end with a day."""
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            classifying.close(number, last=form.cleaned_data["valid_to"], actor=actor_of(request))
        except Refusal as refusal:
            if refusal.code == "unknown_code":
                raise
            _tell(form, refusal)
        else:
            messages.success(request, _("The version ends with this day."))
            return redirect("budget:code", number=number)
    return render(request, "budget/code.html", _context(request, number) | {"form": form})


def _tell(form: forms.Form, refusal: Refusal) -> None:
    if refusal.code == "forbidden":
        raise refusal
    name = refusal.place.field if refusal.place else None
    form.add_error(name if name in form.fields else None, str(refusal.message))


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    found = Heading.objects.filter(pk=number).first()
    if found is None:
        raise Refusal("unknown_code", _("There is no such code."))
    used = Line.objects.filter(codes__contains={found.classification: found.code})
    may_classify = can(actor_of(request), CLASSIFY)
    today = clock.today()
    return {
        "code": found,
        "versions": classifying.versions_of(found.classification, found.code),
        "lines": used.count(),
        "may_classify": may_classify,
        "may_close": may_classify
        and (found.valid_to is None or found.valid_to > max(today, found.valid_from)),
    }


def _columns() -> tuple[Column[Heading], ...]:
    language = (get_language() or "ru")[:2]
    return (
        Column("code", _("Code"), lambda one: one.code, field="code", cell=_link, filters="contains",
               is_heading=True),
        Column(
            "classification", _("Classification"), lambda one: one.get_classification_display(),
            field="classification", filters="choice", choices=Classification.choices,
        ),
        Column("name", _("What it is called"), lambda one: one.name.of(language), field="name_ru",
               filters="contains"),
        Column("parent", _("Under"), lambda one: one.parent, field="parent"),
        Column("transfer", _("Transfers"), lambda one: _("official transfer") if one.is_transfer else "",
               field="is_transfer"),
        Column("valid_from", _("In use from"), lambda one: one.valid_from, kind="date", field="valid_from",
               filters="range"),
        Column("valid_to", _("Last day of use"), _last_day, kind="date", field="valid_to", filters="range"),
    )  # fmt: skip


def _last_day(one: Heading) -> date | None:
    return one.valid_to


def _link(one: Heading) -> str:
    return format_html(
        '<a class="govuk-link" href="{}">{}</a>', reverse("budget:code", args=[one.pk]), one.code
    )
