"""Signing in by password and second factor or by passkey, signing out, and the language of pages."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from shaar.access import factors, oidc, passkeys, sessions
from shaar.access.actors import actor_of
from shaar.access.forms import CodeForm, PasskeyForm, SignInForm, refused
from shaar.access.models import FactorKind, Theme, User
from shaar.access.policies import public
from shaar.access.services import set_language
from shaar.kernel.clock import now
from shaar.kernel.errors import Refusal

THEME_COOKIE = "theme"
LANGUAGE_KEPT = 365 * 24 * 3600
HALF, HALF_SECONDS = "half_signed_in", 600
CEREMONY = "passkey_ceremony"


class SignIn(auth.LoginView):
    """Asks for user name and password; who has a second factor is asked for it next."""

    template_name = "access/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return Django's context without the host name that it calls `site_name`, as the shell does."""
        context = super().get_context_data(**kwargs)
        del context["site_name"], context["site"]
        context["oidc_name"] = oidc.name()
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to the second factor, or in."""
        user = form.get_user()
        assert isinstance(user, User)  # noqa: S101 the only model of users there is
        return go_on(self.request, user, how="password", target=self.get_success_url())


def go_on(request: HttpRequest, user: User, *, how: str, target: str) -> HttpResponse:
    """Ask a person who has a second factor for it, else let them in."""
    if not factors.has_factors(user.pk):
        return enter(request, user, how=how, factor="", target=target)
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk,
        "how": how,
        "target": target,
        "at": int(now().timestamp()),
        "password": user.get_session_auth_hash(),
    }
    return redirect("second-factor")


def enter(request: HttpRequest, user: User, *, how: str, factor: str, target: str) -> HttpResponse:
    """Sign a person in and show pages in their language from now on."""
    request.session.pop(HALF, None)
    sessions.begin(request, user, how=how, factor=factor)
    if not factor and not user.is_demo:
        messages.info(request, _("Your sign-in has no second factor yet: add one in your settings."))
    response = HttpResponseRedirect(target)
    remember_language(response, user.language)
    if user.theme != Theme.AUTO:
        remember_theme(response, user.theme)
    return response


def _half(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Return who has shown a password in this session lately, unless it was changed meanwhile."""
    held = request.session.get(HALF)
    if not held or now().timestamp() - held["at"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != held["password"]:
        return None
    return user, held


@public
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of a person whose password was right: a code or a passkey."""
    half = _half(request)
    if half is None:
        request.session.pop(HALF, None)
        return redirect(settings.LOGIN_URL)
    user, held = half
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked_out(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (form.is_valid() or request.POST.get("credential")):
        try:
            factor = _shown(request, user, form)
        except Refusal as refusal:
            AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=request)
            refused(form, "code", refusal)
        else:
            return enter(request, user, how=held["how"], factor=factor, target=held["target"])
    return render(request, "access/second_factor.html", {"form": form, **_passkey_asked(request, user)})


def _shown(request: HttpRequest, user: User, form: CodeForm) -> str:
    """Return which factor was shown; Refusal when it was a wrong one."""
    answer = request.POST.get("credential", "")
    if not answer:
        return factors.check_code(user.pk, form.cleaned_data["code"], at=now())
    factors.check_tries(user.pk)
    state = request.session.pop(CEREMONY, {})
    try:
        site = passkeys.site_of(request)
        passkeys.check_passkey(answer, state=state, site=site, user_id=user.pk, at=now())
    except Refusal:
        factors.refused(user)
        raise
    return FactorKind.PASSKEY


def _passkey_asked(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the page says to the browser about passkeys, and which other ways there are."""
    kinds = {factor.kind for factor in factors.factors_of(user.pk)}
    site = passkeys.site_of(request)
    asked: dict[str, Any] = {"has_app": FactorKind.APP in kinds, "options": ""}
    if FactorKind.PASSKEY in kinds and site.takes_passkeys:
        ceremony = passkeys.begin_showing(site, user_id=user.pk)
        request.session[CEREMONY] = ceremony.state
        asked["options"] = ceremony.options
    return asked


@public
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: the device asks for its PIN or print, which is the second factor."""
    site = passkeys.site_of(request)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        state = request.session.pop(CEREMONY, {})
        try:
            user = passkeys.check_passkey(
                form.cleaned_data["credential"], state=state, site=site, user_id=None, at=now()
            )
        except Refusal as refusal:
            refused(form, "credential", refusal)
        else:
            target = safe_page(request, request.POST.get("next", ""), settings.LOGIN_REDIRECT_URL)
            return enter(request, user, how=FactorKind.PASSKEY, factor=FactorKind.PASSKEY, target=target)
    context = {"form": form, "site": site, "next": request.GET.get("next", ""), "options": ""}
    if site.takes_passkeys:
        ceremony = passkeys.begin_showing(site, user_id=None)
        request.session[CEREMONY] = ceremony.state
        context["options"] = ceremony.options
    return render(request, "access/passkey.html", context)


sign_in = public(SignIn.as_view())
sign_out = public(auth.LogoutView.as_view())


@csrf_exempt  # the most that a forged request could do is to change the language, and pages need no cookie so
@public
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of pages and stay on the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    response = HttpResponseRedirect(safe_page(request, request.POST.get("next", ""), "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        actor = actor_of(request)
        if actor.id is not None:
            set_language(actor.id, chosen)
    return response


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Tell a person that signing in is closed for a while; called by the login protection."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "access/locked.html", {"minutes": minutes}, status=429)


def remember_language(response: HttpResponse, code: str) -> None:
    """Show pages in a language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=LANGUAGE_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Show pages in a person's colours from now on, by the cookie that the page shell reads."""
    if theme == Theme.AUTO:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
        return
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=LANGUAGE_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )


def safe_page(request: HttpRequest, page: str, otherwise: str) -> str:
    """Return the page if it is one of this installation, else the other one."""
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else otherwise


def confirm_address(request: HttpRequest) -> str:
    """Return where a person shows again who they are, and comes back from to this page."""
    return f"{reverse('settings-confirm')}?next={request.path}"
