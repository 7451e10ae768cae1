"""Signing in and out, the language of pages, one's password, and the audit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shaar.access.actors import actor_of
from shaar.access.audit import PAGE, AuditEntry, AuditQuery, audited_models, search
from shaar.access.forms import AuditForm, PasswordForm, SignInForm
from shaar.access.models import User
from shaar.access.policies import public, requires, staff
from shaar.access.queries import people_list, rows_of
from shaar.access.services import set_language

LANGUAGE_KEPT = 365 * 24 * 3600


class SignIn(auth.LoginView):
    """Asks for user name and password, then goes back to where the person was sent from."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return Django's context without the host name that it calls `site_name`, as the shell does."""
        context = super().get_context_data(**kwargs)
        del context["site_name"], context["site"]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in and show pages in the person's own language from now on."""
        response = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User):
            _remember_language(response, user.language)
        return response


class PasswordChange(auth.PasswordChangeView):
    """Lets a person change their password; their other sessions end."""

    template_name = "access/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("password-change")

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and say so."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed. Other sessions of yours have ended."))
        return response


sign_in = public(SignIn.as_view())
sign_out = public(auth.LogoutView.as_view())
password_change = staff(method_decorator(never_cache, name="dispatch")(PasswordChange).as_view())


@csrf_exempt  # the most that a forged request could do is to change the language, and pages need no cookie so
@public
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of pages and stay on the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    response = HttpResponseRedirect(_safe_page(request, request.POST.get("next", "")))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember_language(response, chosen)
        actor = actor_of(request)
        if actor.id is not None:
            set_language(actor.id, chosen)
    return response


@requires("audit.read")
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """Show who changed what, the newest first."""
    names = list(audited_models())
    form = AuditForm(request.GET, models=names)
    entries: list[AuditEntry] = []
    if form.is_valid():
        query = AuditQuery(**form.cleaned_data, before=_moment(request.GET.get("before", "")))
        entries = search(query)
    context = {
        "form": form,
        "entries": _shown(entries),
        "older": _older(request, entries),
    }
    return render(request, "access/audit.html", context)


@requires("access.admin")
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Show who may sign in and which roles they hold where today, in pages of fifty."""
    wanted = request.GET.get("q", "").strip()
    page = Paginator(people_list(wanted), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/people.html", {"page": page, "q": wanted, "rows": rows_of(page)})


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Tell a person that signing in is closed for a while; called by the login protection."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "access/locked.html", {"minutes": minutes}, status=429)


def _remember_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=LANGUAGE_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _safe_page(request: HttpRequest, page: str) -> str:
    """Return the page if it is one of this installation, else the first page."""
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else "/"


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _older(request: HttpRequest, entries: list[AuditEntry]) -> str:
    if len(entries) < PAGE:
        return ""
    kept = request.GET.copy()
    kept["before"] = entries[-1].at.isoformat()
    return "?" + kept.urlencode()


def _shown(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """Return what the page shows of each entry."""
    people = _people(entries)
    actions = {"insert": _("added"), "update": _("changed"), "delete": _("removed")}
    return [
        {
            "at": entry.at,
            "who": people.get(entry.actor, entry.actor) or _("unknown"),
            "url": entry.url,
            "model": entry.model,
            "row": entry.row,
            "action": actions.get(entry.label, entry.label),
            "changes": entry.changes,
        }
        for entry in entries
    ]


def _people(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of the people among the actors, by actor key."""
    ids = {entry.actor.removeprefix("user:") for entry in entries if entry.actor.startswith("user:")}
    named = User.objects.filter(pk__in=[number for number in ids if number.isdigit()])
    return {f"user:{user.pk}": user.display_name for user in named}
