"""Roles: those of the pack with their source, and those made here."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shaar.access import administration
from shaar.access.actors import actor_of
from shaar.access.admin_forms import RoleForm
from shaar.access.forms import refused
from shaar.access.models import Role
from shaar.access.policies import requires
from shaar.access.queries import role_rows
from shaar.kernel.errors import Refusal

FIELDS = {"role_exists": "code", "unknown_verb": "verbs", "last_administrator": "verbs"}


@requires("access.admin")
@never_cache
def roles(request: HttpRequest) -> HttpResponse:
    """Show every role: what it may, where it comes from, how many hold it."""
    return render(request, "access/roles.html", {"rows": role_rows()})


@requires("access.admin")
@never_cache
def new_role(request: HttpRequest) -> HttpResponse:
    """Add a role; `?like=` takes over what another one may."""
    like = Role.objects.filter(code=request.GET.get("like", "")).first()
    start = {"verbs": list(like.grants.values_list("verb", flat=True))} if like else {}
    form = RoleForm(request.POST or None, is_new=True, initial=start)
    return _handled(request, form, None)


@requires("access.admin")
@never_cache
def role(request: HttpRequest, code: str) -> HttpResponse:
    """Change a role made here."""
    found = Role.objects.filter(code=code, is_local=True).first()
    if found is None:
        raise Http404
    known = {
        "name_ru": found.name_ru,
        "name_ky": found.name_ky,
        "name_en": found.name_en,
        "verbs": list(found.grants.values_list("verb", flat=True)),
    }
    return _handled(request, RoleForm(request.POST or None, is_new=False, initial=known), found)


def _handled(request: HttpRequest, form: RoleForm, found: Role | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        code = found.code if found else form.cleaned_data["code"]
        try:
            administration.save_role(
                code,
                name=form.name,
                verbs=form.cleaned_data["verbs"],
                actor=actor_of(request),
                is_new=found is None,
            )
        except Refusal as refusal:
            refused(form, FIELDS.get(refusal.code, "name_ru"), refusal)
        else:
            messages.success(request, _("The role is kept."))
            return redirect("roles")
    return render(request, "access/role_form.html", {"form": form, "role": found})
