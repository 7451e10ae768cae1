"""Registers the module `ratings` with Django."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Names the module `ratings`; makes its verbs, workflows and pages known."""

    name = "shaar.ratings"
    label = "ratings"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from shaar.access.api import actor_of, can, register_verbs
        from shaar.cases.api import register, register_kind
        from shaar.ratings.permissions import VERBS, VIEW
        from shaar.ratings.workflow import NOTICE, OBJECTION, ROUND
        from shaar.ui import navigation

        register_verbs(VERBS)
        register(ROUND)
        register(OBJECTION)
        register_kind(NOTICE)
        navigation.register(navigation.Entry(_("Ratings"), "ratings:public", 47))
        navigation.register(
            navigation.Entry(
                _("Ratings of units"), "ratings:index", 20, is_staff=True, group="check",
                shown=lambda request: can(actor_of(request), VIEW),
            )
        )  # fmt: skip
