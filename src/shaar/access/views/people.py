"""People and roles, looked after by administrators within the units that are theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shaar.access import administration, deputies, factors, oidc, sessions
from shaar.access.actors import Actor, actor_of
from shaar.access.admin_forms import IdentityForm, NewPersonForm, PersonForm, RoleGivenForm
from shaar.access.audit import PAGE
from shaar.access.forms import DeputyForm, refused
from shaar.access.models import User
from shaar.access.permissions import scope
from shaar.access.policies import requires
from shaar.access.queries import held_roles, people_list, rows_of, unit_name
from shaar.access.views.own import DEPUTY_FIELDS
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal

administers = requires("access.admin")
PERSON_FIELDS = {"user_exists": "username", "bad_username": "username", "name_missing": "name"}
ROLE_FIELDS = {"days_reversed": "last", "unknown_role": "role", "forbidden": "unit"}


def about_person(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the person of the address, if the visitor administers them."""

    @wraps(view)
    def found(request: HttpRequest, username: str, **named: Any) -> HttpResponse:
        person = administration.person_for(username, actor=actor_of(request))
        return view(request, person, **named)

    return found


@administers
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Show who may sign in and which roles they hold where today, in pages of fifty."""
    wanted = request.GET.get("q", "").strip()
    held = scope(actor_of(request), administration.VERB)
    page = Paginator(people_list(wanted, units=held.units), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/people.html", {"page": page, "q": wanted, "rows": rows_of(page)})


@administers
@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person, and show once the password that holds once."""
    actor = actor_of(request)
    held = scope(actor, administration.VERB)
    form = NewPersonForm(request.POST or None, scope=held, on=today(), initial={"language": "ru"})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            password = administration.create_person(**given, actor=actor)
        except Refusal as refusal:
            refused(form, PERSON_FIELDS.get(refusal.code, "unit"), refusal)
        else:
            shown = {"username": given["username"], "name": given["name"], "password": password}
            return render(request, "access/one_time_password.html", shown)
    return render(request, "access/person_form.html", {"form": form})


@administers
@never_cache
@about_person
def person(request: HttpRequest, person: User) -> HttpResponse:
    """Show a person: who they are, their roles, and what protects their sign-in."""
    context = {
        "person": person,
        "unit": unit_name(person.unit.code, on=today()) if person.unit else "",
        "roles": held_roles(person.pk, on=today()),
        "factors": factors.factors_of(person.pk),
        "sessions": sessions.sessions_of(person.pk, current=None),
        "named": deputies.named_for(person.pk, since=today()),
        "oidc_name": oidc.name(),
    }
    return render(request, "access/person.html", context)


@administers
@never_cache
@about_person
def edit_person(request: HttpRequest, person: User) -> HttpResponse:
    """Change what is known of a person."""
    actor = actor_of(request)
    known = {
        "name": person.display_name,
        "unit": person.unit.code if person.unit else "",
        "language": person.language,
        "email": person.email_pending or person.email,
        "phone": person.phone,
    }
    held = scope(actor, administration.VERB)
    form = PersonForm(request.POST or None, scope=held, on=today(), initial=known)
    if form.is_bound and form.is_valid():
        try:
            administration.change_person(person.username, **form.cleaned_data, actor=actor)
        except Refusal as refusal:
            refused(form, PERSON_FIELDS.get(refusal.code, "unit"), refusal)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("person", person.username)
    return render(request, "access/person_form.html", {"form": form, "person": person})


@administers
@never_cache
@about_person
def person_roles(request: HttpRequest, person: User) -> HttpResponse:
    """Show the roles of a person with their days, and give another."""
    actor = actor_of(request)
    held = scope(actor, administration.VERB)
    form = RoleGivenForm(request.POST or None, scope=held, on=today(), initial={"first": today()})
    if form.is_bound and form.is_valid():
        try:
            administration.give_role(person.username, **form.cleaned_data, actor=actor)
        except Refusal as refusal:
            refused(form, ROLE_FIELDS.get(refusal.code, "role"), refusal)
        else:
            messages.success(request, _("The role is given."))
            return redirect("person-roles", person.username)
    context = {"form": form, "person": person, "roles": held_roles(person.pk, on=today())}
    return render(request, "access/person_roles.html", context)


@administers
@never_cache
@require_POST
@about_person
def take_role(request: HttpRequest, person: User, number: int) -> HttpResponse:
    """End a role of a person."""
    try:
        administration.take_role(person.username, number, on=today(), actor=actor_of(request))
        messages.success(request, _("The role has ended."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("person-roles", person.username)


@administers
@never_cache
@about_person
def person_deputies(request: HttpRequest, person: User) -> HttpResponse:
    """Show who stands in for a person, and name a deputy for them."""
    roles = deputies.roles_to_hand_over(person.pk, on=today())
    form = DeputyForm(request.POST or None, roles=roles, absent=person.pk)
    if form.is_bound and form.is_valid():
        try:
            deputies.name_deputy(person.pk, **form.cleaned_data, actor=actor_of(request), on=today())
        except Refusal as refusal:
            refused(form, DEPUTY_FIELDS.get(refusal.code, "deputy"), refusal)
        else:
            messages.success(request, _("The deputy is named."))
            return redirect("person-deputies", person.username)
    context = {
        "form": form,
        "person": person,
        "username": person.username,
        "has_roles": bool(roles),
        "named": deputies.named_for(person.pk, since=today()),
        "role_names": deputies.role_names(),
    }
    return render(request, "access/person_deputies.html", context)


@administers
@never_cache
@require_POST
@about_person
def end_deputy(request: HttpRequest, person: User, number: int) -> HttpResponse:
    """End the days of a deputy of a person."""
    if number in [view.id for view in deputies.named_for(person.pk, since=today())]:
        deputies.end_deputy(number, actor=actor_of(request), on=today())
        messages.success(request, _("The deputy's days have ended."))
    return redirect("person-deputies", person.username)


@administers
@never_cache
@about_person
def person_identity(request: HttpRequest, person: User) -> HttpResponse:
    """Link a person with their identity at the outside provider."""
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pin = "".join(form.cleaned_data["pin"].split())
            administration.link_identity(person.username, pin, actor=actor_of(request))
        except Refusal as refusal:
            refused(form, "pin", refusal)
        else:
            messages.success(request, _("The changes are kept."))
            return redirect("person", person.username)
    context = {"form": form, "person": person, "oidc_name": oidc.name()}
    return render(request, "access/person_identity.html", context)


# What is asked about first ----------------------------------------------------------------------------------
def _block(username: str, actor: Actor) -> None:
    administration.let_in(username, is_active=False, actor=actor)


def _unblock(username: str, actor: Actor) -> None:
    administration.let_in(username, is_active=True, actor=actor)


def _reset_factor(username: str, actor: Actor) -> None:
    administration.reset_second_factor(username, actor=actor)


def _end_sessions(username: str, actor: Actor) -> None:
    user = administration.person_for(username, actor=actor)
    sessions.end_sessions(user.pk, actor=actor)


QUESTIONS: dict[str, tuple[Any, Any, Callable[[str, Actor], str | None]]] = {
    "password": (
        gettext_lazy("Reset the password"),
        gettext_lazy("The person gets a password that holds once, and their sessions end."),
        lambda username, actor: administration.reset_password(username, actor=actor),
    ),
    "factor": (
        gettext_lazy("Reset the second factor"),
        gettext_lazy("Make sure first who asks for it. All factors and recovery codes go, and sessions end."),
        _reset_factor,
    ),
    "sessions": (
        gettext_lazy("End all sessions"),
        gettext_lazy("The person is signed out everywhere."),
        _end_sessions,
    ),
    "block": (
        gettext_lazy("Let the person sign in no more"),
        gettext_lazy("Their sessions end. What they did stays as it is."),
        _block,
    ),
    "unblock": (
        gettext_lazy("Let the person sign in again"),
        gettext_lazy("They sign in with the password that they had."),
        _unblock,
    ),
}


@administers
@never_cache
@about_person
def person_question(request: HttpRequest, person: User, question: str) -> HttpResponse:
    """Ask whether something that cuts into a person's work is meant, and do it."""
    if question not in QUESTIONS:
        raise Http404
    title, text, act = QUESTIONS[question]
    if request.method == "POST":
        try:
            password = act(person.username, actor_of(request))
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("person", person.username)
        if password:
            shown = {"username": person.username, "name": person.display_name, "password": password}
            return render(request, "access/one_time_password.html", shown)
        messages.success(request, _("Done."))
        return redirect("person", person.username)
    context = {"person": person, "title": title, "text": text}
    return render(request, "access/person_question.html", context)
