"""Units, territories and the working calendar, looked after by whom their city lets."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shaar.access.actors import actor_of
from shaar.access.audit import PAGE
from shaar.access.city_forms import KINDS, WEEKDAYS, DayForm, EndForm, HolidayForm, MergeForm, PlaceForm
from shaar.access.forms import refused
from shaar.access.permissions import scope
from shaar.access.policies import requires
from shaar.city import api as city
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal

VERB = "city.admin"
TITLES = {"unit": gettext_lazy("Units"), "territory": gettext_lazy("Territories")}
LISTS = {"unit": "units", "territory": "territories"}
FIELDS = {
    "code_taken": "code",
    "unknown_parent": "parent",
    "circle": "parent",
    "breaks_history": "first",
    "ended": "first",
    "name_missing": "name_ru",
    "bad_kind": "kind",
}


def _check(request: HttpRequest, register: city.Register, *codes: str | None) -> None:
    """Refuse who does not look after every one of the units or territories; none means all of them."""
    held = scope(actor_of(request), VERB)
    for code in codes:
        if code is None:
            covers = any(part.units is None and part.territories is None for part in held.parts)
        else:
            covers = held.covers(unit=code) if register == "unit" else held.covers(territory=code)
        if not covers:
            raise PermissionDenied


def _way(register: city.Register, name: str, *arguments: object) -> str:
    return reverse(f"{register}-{name}", args=arguments)


@requires(VERB)
@never_cache
def places(request: HttpRequest, register: city.Register) -> HttpResponse:
    """Show the units or territories of a day, in pages of fifty."""
    day = _day(request.GET.get("on", "")) or today()
    wanted = request.GET.get("q", "").strip()
    found: list[Any]
    if register == "unit":
        found = list(city.search_units(wanted, on=day, limit=1000) if wanted else city.units(on=day))
    else:
        found = list(
            city.search_territories(wanted, on=day, limit=1000) if wanted else city.territories(on=day)
        )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kinds = dict(KINDS[register])
    names = {
        one.code: one.name for one in (city.units(on=day) if register == "unit" else city.territories(on=day))
    }
    rows = [
        {
            "place": one,
            "kind": kinds[one.kind],
            "parent": names.get(one.parent or ""),
            "url": _way(register, "page", one.code),
        }
        for one in page
    ]
    context = {
        "title": TITLES[register],
        "page": page,
        "rows": rows,
        "q": wanted,
        "on": day,
        "new_url": _way(register, "new"),
    }
    return render(request, "access/places.html", context)


@requires(VERB)
@never_cache
def new_place(request: HttpRequest, register: city.Register) -> HttpResponse:
    """Add a unit or territory from a day on."""
    start = {"first": today()}
    form = PlaceForm(request.POST or None, register=register, on=today(), is_new=True, initial=start)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        _check(request, register, given["parent"] or None)
        try:
            city.create(
                register, given["code"], form.described, first=given["first"], actor=actor_of(request).key
            )
        except Refusal as refusal:
            refused(form, FIELDS.get(refusal.code, "code"), refusal)
        else:
            messages.success(request, _("It is added."))
            return redirect(_way(register, "page", given["code"]))
    context = {"title": TITLES[register], "form": form, "list_url": reverse(LISTS[register])}
    return render(request, "access/place_form.html", context)


@requires(VERB)
@never_cache
def place(request: HttpRequest, register: city.Register, code: str) -> HttpResponse:
    """Show what a unit or territory was and is, and say what it is from a day on."""
    versions = _history(register, code)
    last = versions[-1].described
    form = PlaceForm(request.POST or None, register=register, on=today(), is_new=False, initial=_known(last))
    if form.is_bound and form.is_valid():
        _check(request, register, code)
        if form.described.parent != last.parent:
            _check(request, register, form.described.parent)
        try:
            first = form.cleaned_data["first"]
            city.change(register, code, form.described, first=first, actor=actor_of(request).key)
        except Refusal as refusal:
            refused(form, FIELDS.get(refusal.code, "name_ru"), refusal)
        else:
            messages.success(request, _("The change is kept."))
            return redirect(_way(register, "page", code))
    return _shown(request, register, code, form=form)


@requires(VERB)
@never_cache
@require_POST
def end_place(request: HttpRequest, register: city.Register, code: str) -> HttpResponse:
    """Let a unit or territory end with a day."""
    _history(register, code)
    _check(request, register, code)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            city.end(register, code, last=form.cleaned_data["last"], actor=actor_of(request).key)
        except Refusal as refusal:
            refused(form, "last", refusal)
        else:
            messages.success(request, _("It ends with this day."))
            return redirect(_way(register, "page", code))
    return _shown(request, register, code, end_form=form)


@requires(VERB)
@never_cache
@require_POST
def merge_place(request: HttpRequest, register: city.Register, code: str) -> HttpResponse:
    """Let a unit or territory go into another one."""
    _history(register, code)
    form = MergeForm(request.POST, register=register, code=code, on=today())
    if form.is_valid():
        given = form.cleaned_data
        _check(request, register, code, given["into"])
        try:
            city.merge(register, [code], given["into"], first=given["since"], actor=actor_of(request).key)
        except Refusal as refusal:
            refused(form, "since" if refusal.code == "breaks_history" else "into", refusal)
        else:
            messages.success(request, _("It goes into the other one from this day."))
            return redirect(_way(register, "page", code))
    return _shown(request, register, code, merge_form=form)


def _history(register: city.Register, code: str) -> list[city.VersionView]:
    try:
        return city.history(register, code)
    except Refusal as refusal:
        raise Http404 from refusal


def _known(last: city.Described) -> dict[str, object]:
    texts: dict[str, object] = {}
    for name, text in (("name", last.name), ("short", last.short)):
        for language, value in (("ru", text.ru), ("ky", text.ky), ("en", text.en)):
            texts[f"{name}_{language}"] = value
    return {**texts, "kind": last.kind, "parent": last.parent or "", "first": today()}


def _shown(request: HttpRequest, register: city.Register, code: str, **forms: Any) -> HttpResponse:
    versions = _history(register, code)
    kinds = dict(KINDS[register])
    last = versions[-1]
    has_ended = last.valid.last is not None and last.valid.last < today()
    start = PlaceForm(register=register, on=today(), is_new=False, initial=_known(last.described))
    context = {
        "title": TITLES[register],
        "list_url": reverse(LISTS[register]),
        "code": code,
        "name": last.described.name,
        "is_local": city.is_local(register, code),
        "versions": [{"view": view, "kind": kinds[view.described.kind]} for view in reversed(versions)],
        "has_ended": has_ended,
        "form": start,
        "end_form": EndForm(),
        "merge_form": MergeForm(register=register, code=code, on=today()),
        "end_url": _way(register, "end", code),
        "merge_url": _way(register, "merge", code),
        "page_url": _way(register, "page", code),
        **forms,
    }
    context["shown_form"] = next(iter(forms.values()), start)
    return render(request, "access/place.html", context)


# The working calendar ---------------------------------------------------------------------------------------
@requires(VERB)
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the holidays and single days of a year, and say how a day is worked."""
    form = DayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        _check(request, "unit", None)
        given = form.cleaned_data
        try:
            city.calendar.set_day(
                given["day"],
                like_weekday=given["like_weekday"],
                name=form.text(),
                actor=actor_of(request).key,
            )
        except Refusal as refusal:
            refused(form, "name_ru", refusal)
        else:
            messages.success(request, _("The day is kept."))
            return redirect(f"{reverse('calendar')}?year={given['day'].year}")
    return render(request, "access/calendar.html", _calendar(request, form))


def _calendar(request: HttpRequest, form: DayForm) -> dict[str, Any]:
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and 1990 <= int(given) <= 2100 else today().year
    weekdays = dict(WEEKDAYS)
    return {
        "form": form,
        "year": year,
        "days": [
            {"view": view, "like": weekdays.get(view.like_weekday or 0)}
            for view in city.calendar.days_of(year)
        ],
        "holidays": city.calendar.holidays(),
    }


@requires(VERB)
@never_cache
@require_POST
def forget_day(request: HttpRequest, day: str) -> HttpResponse:
    """Take back what was said of a day."""
    _check(request, "unit", None)
    found = _day(day)
    if found is None:
        raise Http404
    try:
        city.calendar.forget_day(found, actor=actor_of(request).key)
        messages.success(request, _("The day is as it was."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect(f"{reverse('calendar')}?year={found.year}")


@requires(VERB)
@never_cache
def new_holiday(request: HttpRequest) -> HttpResponse:
    """Add a holiday of every year."""
    form = HolidayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        _check(request, "unit", None)
        given = form.cleaned_data
        try:
            city.calendar.add_holiday(
                given["month"],
                given["day"],
                name=form.text(),
                first=given["first"],
                actor=actor_of(request).key,
            )
        except Refusal as refusal:
            refused(form, "name_ru" if refusal.code == "name_missing" else "day", refusal)
        else:
            messages.success(request, _("The holiday is kept."))
            return redirect("calendar")
    return render(request, "access/holiday_form.html", {"form": form})


@requires(VERB)
@never_cache
@require_POST
def end_holiday(request: HttpRequest, number: int) -> HttpResponse:
    """Let a holiday end today."""
    _check(request, "unit", None)
    try:
        city.calendar.end_holiday(number, last=today(), actor=actor_of(request).key)
        messages.success(request, _("The holiday has ended."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("calendar")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
