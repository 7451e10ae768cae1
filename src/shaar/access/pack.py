"""The roles of a pack: roles.yaml."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import pghistory
from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shaar.access.models import Grant, Role
from shaar.access.verbs import is_verb, verbs
from shaar.kernel.errors import Refusal, refuse_all
from shaar.kernel.yamlfile import Code, Names, PackModel, load, place, read

Verb = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$")]


class RoleItem(PackModel):
    """One role and the verbs that it may."""

    code: Code
    name: Names
    verbs: Sequence[Verb]


class RolesFile(PackModel):
    """roles.yaml."""

    roles: Sequence[RoleItem]


def read_roles(pack_dir: Path) -> Sequence[RoleItem]:
    """Read the roles; raise Refusals for repeated codes and verbs that no module knows, with their places."""
    path = pack_dir / "roles.yaml"
    roles = load(path, RolesFile).roles
    lines = read(path)[1]
    problems: list[Refusal] = []
    for index, role in enumerate(roles):
        if role.code in [other.code for other in roles[:index]]:
            where = place(path, lines, "roles", index, "code")
            problems.append(Refusal("repeated_code", _("This code stands twice."), place=where))
        for number, verb in enumerate(role.verbs):
            if not _is_known(verb):
                where = place(path, lines, "roles", index, "verbs", number)
                message = str(_("No module knows the verb «%(verb)s».")) % {"verb": verb}
                problems.append(Refusal("unknown_verb", message, place=where))
    refuse_all(problems)
    return roles


def load_roles(pack_dir: Path, *, actor: str) -> None:
    """Make the roles what the pack says; a role that it no longer names grants nothing any more."""
    wanted = read_roles(pack_dir)
    with transaction.atomic(), pghistory.context(actor=actor):
        for item in wanted:
            names: dict[str, str | bool] = {
                "name_ru": item.name.ru,
                "name_ky": item.name.ky,
                "name_en": item.name.en,
                "is_local": False,  # a role of the pack takes the place of one made here under its code
            }
            role, _is_new = Role.objects.get_or_create(code=item.code, defaults=names)
            if any(getattr(role, field) != text for field, text in names.items()):
                Role.objects.filter(pk=role.pk).update(**names)
            _settle(role, set(item.verbs))
        gone = Grant.objects.exclude(role__code__in=[item.code for item in wanted])
        gone.filter(role__is_local=False).delete()


def check(pack: Path) -> Iterable[str]:
    """Return a line for each thing that is wrong in the roles of a pack."""
    try:
        read_roles(pack)
    except Refusal as refusal:
        return [str(problem) for problem in refusal.problems]
    return []


def _settle(role: Role, wanted: set[str]) -> None:
    held = set(role.grants.values_list("verb", flat=True))
    role.grants.filter(verb__in=held - wanted).delete()
    Grant.objects.bulk_create(Grant(role=role, verb=verb) for verb in sorted(wanted - held))


def _is_known(verb: str) -> bool:
    """Tell whether a module knows the verb; an installed one that declares none is believed."""
    module = verb.partition(".")[0]
    declares = any(known.startswith(f"{module}.") for known in verbs())
    return is_verb(verb) or (apps.is_installed(f"shaar.{module}") and not declares)
