"""The staff's pages of news: the list, one article's form, its files, publishing and withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.portal.models import Article, ArticleKind, ArticleState
from shaar.portal.news import queries, services
from shaar.portal.news.forms import KINDS, ArticleForm, FileForm, WithdrawForm, initial_of
from shaar.portal.news.views import shown
from shaar.portal.permissions import WRITE
from shaar.ui.tables import Column, Table

STATES = {
    ArticleState.DRAFT: pgettext_lazy("state of an article", "Draft"),
    ArticleState.PUBLISHED: pgettext_lazy("state of an article", "Published"),
    ArticleState.WITHDRAWN: pgettext_lazy("state of an article", "Withdrawn"),
}


def _link(row: Article) -> str:
    return format_html(
        '<a class="govuk-link" href="{}">{}</a>', reverse("portal:edit-article", args=[row.pk]), row.title
    )


COLUMNS: tuple[Column[Article], ...] = (
    Column(
        "title",
        pgettext_lazy("of an article", "Title"),
        lambda one: one.title,
        field="title_ru",
        cell=_link,
        filters="contains",
        is_heading=True,
    ),
    Column(
        "state",
        pgettext_lazy("of an article", "State"),
        lambda one: STATES[ArticleState(one.state)],
        field="state",
        filters="choice",
        choices=list(STATES.items()),
    ),
    Column(
        "kind",
        pgettext_lazy("of an article", "Kind"),
        lambda one: KINDS[ArticleKind(one.kind)],
        field="kind",
        filters="choice",
        choices=list(KINDS.items()),
    ),
    Column("day", gettext_lazy("Day of the article"), lambda one: one.day, kind="date", field="day"),
    Column("by", gettext_lazy("Last changed by"), lambda one: one.changed_by, field="changed_by"),
)


@requires(WRITE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the articles of the person's units."""
    rows = queries.editable(actor_of(request))
    table = Table(rows, COLUMNS, request=request, caption=_("News and notices"))
    if table.wants_file:
        return table.file()
    return render(request, "portal/news/staff.html", {"table": table})


@requires(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    actor, at = actor_of(request), clock.now()
    start = {"day": clock.today(), "kind": ArticleKind.NEWS}
    form = ArticleForm(request.POST or None, actor=actor, initial=start)
    if form.is_bound and form.is_valid():
        try:
            number = services.write(form.written, actor=actor, at=at)
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("The draft is kept. Look at it, then publish it."))
            return redirect("portal:edit-article", number)
    return render(request, "portal/news/new.html", {"form": form})


@requires(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Show an article as the public sees it, and change what it says."""
    row, actor, at = _found(request, number), actor_of(request), clock.now()
    form = ArticleForm(request.POST or None, actor=actor, initial=initial_of(row))
    if form.is_bound and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            services.rewrite(number, form.written, revision=revision, actor=actor, at=at)
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("The change is kept."))
            return redirect("portal:edit-article", number)
    return _shown(request, row, form=form)


@requires(WRITE)
@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Publish or withdraw an article."""
    row, actor, at = _found(request, number), actor_of(request), clock.now()
    form = WithdrawForm(request.POST)
    try:
        if "publish" in request.POST:
            services.publish(number, actor=actor, at=at)
            messages.success(request, _("It is published."))
        elif form.is_valid():
            services.withdraw(number, reason=form.cleaned_data["reason"], actor=actor, at=at)
            messages.success(request, _("It is withdrawn."))
        else:
            return _shown(request, row, withdraw_form=form)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("portal:edit-article", number)


@requires(WRITE)
@require_POST
def files(request: HttpRequest, number: int) -> HttpResponse:
    """Add a file to an article, or take one from it."""
    row, actor, at = _found(request, number), actor_of(request), clock.now()
    remove = request.POST.get("remove", "")
    if remove.isdecimal():
        services.remove_file(number, int(remove), actor=actor, at=at)
        messages.success(request, _("The file is taken from the article."))
        return redirect("portal:edit-article", number)
    form = FileForm(request.POST, request.FILES)
    if "file" in cases.oversized(request):
        form.errors.pop("file", None)
        form.add_error("file", str(cases.too_large(services.LIMITS).message))
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            services.add_file(number, given, file=given.name, name=form.name, actor=actor, at=at)
        except Refusal as refusal:
            _refused(form, refusal, other="file")
        else:
            messages.success(request, _("The file is added."))
            return redirect("portal:edit-article", number)
    return _shown(request, row, file_form=form)


def _found(request: HttpRequest, number: int) -> Article:
    row = queries.editable(actor_of(request)).filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def _refused(form: Any, refusal: Refusal, *, other: str | None = None) -> None:
    for problem in refusal.problems:
        field = problem.place.field if problem.place else None
        form.add_error(field if field in form.fields else other, str(problem.message))


def _shown(request: HttpRequest, row: Article, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {
        **shown(row),
        "state": STATES[ArticleState(row.state)],
        "form": ArticleForm(actor=actor_of(request), initial=initial_of(row)),
        "file_form": FileForm(),
        "withdraw_form": WithdrawForm(),
        **forms,
    }
    context["shown_form"] = next(iter(forms.values()), context["form"])
    return render(request, "portal/news/edit.html", context)
