"""Registers the module `budget` with Django."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """Names the module `budget`; makes its verbs, facts and pages known."""

    name = "shaar.budget"
    label = "budget"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from shaar.access.api import actor_of, can, register_verbs
        from shaar.budget import facts  # noqa: F401 declares its types
        from shaar.budget.permissions import IMPORT, VERBS, VIEW
        from shaar.ui.navigation import Entry, register

        register_verbs(VERBS)
        register(Entry(_("Budget"), "budget:public", 45))
        register(
            Entry(
                _("Budget execution"), "budget:index", 40, is_staff=True, group="plan",
                shown=lambda request: can(actor_of(request), VIEW),
            )
        )  # fmt: skip
        register(
            Entry(
                _("Treasury files"), "budget:imports", 42, is_staff=True, group="plan",
                shown=lambda request: can(actor_of(request), IMPORT),
            )
        )  # fmt: skip
        for text, view, rank in (
            (_("Amendments of the budget"), "budget:amendments", 43),
            (_("Budget classification"), "budget:codes", 44),
        ):
            register(
                Entry(
                    text, view, rank, is_staff=True, group="plan",
                    shown=lambda request: can(actor_of(request), VIEW),
                )
            )  # fmt: skip
