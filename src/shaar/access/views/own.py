"""A person's own settings: name, language and contacts, password, factors, sessions, deputies."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shaar.access import deputies, factors, passkeys, profile, sessions
from shaar.access.actors import actor_of
from shaar.access.forms import (
    AppForm,
    ConfirmForm,
    DeputyForm,
    PasskeyForm,
    PasswordForm,
    ProfileForm,
    refused,
)
from shaar.access.models import User
from shaar.access.policies import public, staff
from shaar.access.services import password_changed
from shaar.access.settings_pages import sections
from shaar.access.views.entering import (
    CEREMONY,
    confirm_address,
    remember_language,
    remember_theme,
    safe_page,
)
from shaar.kernel.clock import now, today
from shaar.kernel.errors import Refusal
from shaar.kernel.sealing import seal, unseal

NEW_APP, NEW_CODES = "new_app", "new_codes"
SESSION_PURPOSE = "access.session"


def person_of(request: HttpRequest) -> User:
    """Return who signed in, as the row of a person."""
    assert isinstance(request.user, User)  # noqa: S101 the middleware let nobody else through
    return request.user


def page(request: HttpRequest, template: str, view: str, **context: Any) -> HttpResponse:
    """Show a section of the settings with the list of all sections."""
    return render(request, template, {"sections": sections(request), "section_url": reverse(view), **context})


def freshly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only for who has shown within ten minutes who they are; others do it first."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not sessions.is_fresh(request):
            return HttpResponseRedirect(confirm_address(request))
        return view(request, *args, **named)

    return asked


# Name, language, contacts -----------------------------------------------------------------------------------
@staff
@never_cache
def own_profile(request: HttpRequest) -> HttpResponse:
    """Show and change what a person chooses for themselves."""
    user = person_of(request)
    if request.method != "POST":
        return page(request, "access/profile.html", "settings", form=ProfileForm(initial=_known(user)))
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            is_asked = profile.change(user.pk, **form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            refused(form, "email", refusal)
        else:
            messages.success(request, _("Your settings are kept."))
            if is_asked:
                messages.info(request, _("Open the link that we sent to the new address."))
            response = redirect("settings")
            remember_language(response, form.cleaned_data["language"])
            remember_theme(response, form.cleaned_data["theme"])
            return response
    return page(request, "access/profile.html", "settings", form=form, pending=user.email_pending)


def _known(user: User) -> dict[str, str]:
    return {
        "name": user.display_name,
        "language": user.language,
        "theme": user.theme,
        "email": user.email_pending or user.email,
        "phone": user.phone,
    }


@public
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address by the link that was sent to it; a button keeps mail programs from doing it."""
    try:
        address = profile.address_of(token)
        if request.method == "POST":
            profile.confirm(token)
            return render(request, "access/email_confirmed.html", {"address": address, "is_done": True})
    except Refusal as refusal:
        return render(request, "access/email_confirmed.html", {"refusal": refusal.message}, status=410)
    return render(request, "access/email_confirmed.html", {"address": address, "is_done": False})


# Password ---------------------------------------------------------------------------------------------------
class PasswordChange(auth.PasswordChangeView):
    """Lets a person change their password; their other sessions end."""

    template_name = "access/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("settings-security")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list of sections."""
        context = super().get_context_data(**kwargs)
        shown = {"sections": sections(self.request), "section_url": reverse("settings-security")}
        return context | shown | {"is_owed": person_of(self.request).must_change_password}

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and say so."""
        before = self.request.session.session_key
        response = super().form_valid(form)
        password_changed(person_of(self.request).pk, actor=actor_of(self.request))
        sessions.moved(before, self.request.session.session_key)
        sessions.end_sessions(
            person_of(self.request).pk, actor=actor_of(self.request), but=self.request.session.session_key
        )
        messages.success(self.request, _("Your password is changed. Other sessions of yours have ended."))
        return response


password_change = staff(method_decorator(never_cache, name="dispatch")(PasswordChange).as_view())


@staff
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask a person to show again who they are, before what protects their account is changed."""
    target = safe_page(request, request.GET.get("next", ""), reverse("settings-security"))
    user = person_of(request)
    form = ConfirmForm(request.POST or None, request=request, user=user)
    if form.is_bound and form.is_valid():
        sessions.confirm(request)
        return HttpResponseRedirect(target)
    return page(request, "access/confirm.html", "settings-security", form=form, next=target)


# Factors and sessions ---------------------------------------------------------------------------------------
@staff
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Show what protects a person's account, and where they are signed in."""
    user = person_of(request)
    return page(
        request,
        "access/security.html",
        "settings-security",
        factors=factors.factors_of(user.pk),
        codes_left=factors.codes_left(user.pk),
        is_owed=settings.SECOND_FACTOR_REQUIRED and not request.session.get(sessions.FACTOR),
        held=sessions.sessions_of(user.pk, current=request.session.session_key),
        site=passkeys.site_of(request),
    )


@staff
@never_cache
@freshly
def add_app(request: HttpRequest) -> HttpResponse:
    """Show the QR code of a new authenticator app and ask for its first code."""
    user = person_of(request)
    held = request.session.get(NEW_APP)
    secret = unseal(held.encode(), purpose=SESSION_PURPOSE).decode() if held else factors.new_app_secret()
    request.session[NEW_APP] = seal(secret.encode(), purpose=SESSION_PURPOSE).decode()
    form = AppForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            factors.add_app(user, secret, form.cleaned_data["code"], at=now())
        except Refusal as refusal:
            refused(form, "code", refusal)
        else:
            del request.session[NEW_APP]
            return _added(request, user, "app")
    address = factors.app_address(secret, username=user.username, issuer=passkeys.NAME)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    shown = {"form": form, "qr": factors.qr_code(address), "secret": spaced}
    return page(request, "access/add_app.html", "settings-security", **shown)


@staff
@never_cache
@freshly
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey and keep it under a name."""
    user, site = person_of(request), passkeys.site_of(request)
    form = PasskeyForm(request.POST or None, is_named=True)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        state = request.session.pop(CEREMONY, {})
        try:
            passkeys.add_passkey(
                user, given["credential"], state=state, site=site, name=given["name"], at=now()
            )
        except Refusal as refusal:
            refused(form, "name", refusal)
        else:
            return _added(request, user, "passkey")
    options = ""
    if site.takes_passkeys:
        ceremony = passkeys.begin_adding(user, site)
        request.session[CEREMONY] = ceremony.state
        options = ceremony.options
    shown = {"form": form, "options": options, "site": site}
    return page(request, "access/add_passkey.html", "settings-security", **shown)


def _added(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """Go on after a factor was added: to new recovery codes, if there are none yet."""
    request.session[sessions.FACTOR] = request.session.get(sessions.FACTOR) or kind
    messages.success(request, _("The second factor is added."))
    if factors.codes_left(user.pk):
        return redirect("settings-security")
    return _with_new_codes(request, user)


@staff
@never_cache
@require_POST
@freshly
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    user = person_of(request)
    if not factors.has_factors(user.pk):
        return redirect("settings-security")
    return _with_new_codes(request, user)


def _with_new_codes(request: HttpRequest, user: User) -> HttpResponse:
    codes = factors.renew_codes(user)
    return page(request, "access/codes.html", "settings-security", codes=codes)


@staff
@never_cache
@freshly
def remove_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Ask whether a factor is to be taken away, and do it."""
    user = person_of(request)
    found = next((one for one in factors.factors_of(user.pk) if one.pk == number), None)
    if found is None:
        return redirect("settings-security")
    if request.method == "POST":
        factors.remove_factor(user, number)
        if not factors.has_factors(user.pk):
            request.session[sessions.FACTOR] = ""
        messages.success(request, _("The second factor is taken away."))
        return redirect("settings-security")
    return page(request, "access/remove_factor.html", "settings-security", factor=found)


@staff
@never_cache
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one other session of the person."""
    try:
        sessions.end_session(person_of(request).pk, number, actor=actor_of(request))
        messages.success(request, _("The session has ended."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("settings-security")


@staff
@never_cache
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every other session of the person."""
    key = request.session.session_key
    sessions.end_sessions(person_of(request).pk, actor=actor_of(request), but=key)
    messages.success(request, _("Your other sessions have ended."))
    return redirect("settings-security")


# Deputies ---------------------------------------------------------------------------------------------------
@staff
@never_cache
def own_deputies(request: HttpRequest) -> HttpResponse:
    """Show who stands in for a person and for whom they do, and name a deputy."""
    user = person_of(request)
    roles = deputies.roles_to_hand_over(user.pk, on=today())
    form = DeputyForm(request.POST or None, roles=roles, absent=user.pk)
    if form.is_bound and form.is_valid():
        try:
            deputies.name_deputy(user.pk, **form.cleaned_data, actor=actor_of(request), on=today())
        except Refusal as refusal:
            refused(form, DEPUTY_FIELDS.get(refusal.code, "deputy"), refusal)
        else:
            messages.success(request, _("The deputy is named."))
            return redirect("settings-deputies")
    return page(
        request,
        "access/deputies.html",
        "settings-deputies",
        form=form,
        has_roles=bool(roles),
        named=deputies.named_for(user.pk, since=today()),
        stands=deputies.stands_in(user.pk, on=today()),
        role_names=deputies.role_names(),
    )


DEPUTY_FIELDS = {
    "days_reversed": "last",
    "days_over": "last",
    "days_too_long": "last",
    "reason_missing": "reason",
    "role_not_handed_over": "roles",
}


@staff
@never_cache
@require_POST
def end_deputy(request: HttpRequest, number: int) -> HttpResponse:
    """End the days of a deputy of the person."""
    mine = [view.id for view in deputies.named_for(person_of(request).pk, since=today())]
    if number in mine:
        deputies.end_deputy(number, actor=actor_of(request), on=today())
        messages.success(request, _("The deputy's days have ended."))
    return redirect("settings-deputies")
