"""The verbs of indicators: what a role may let a person do here."""

from django.utils.translation import gettext_lazy as _

ANSWER = "indicators.answer"
VERBS = {ANSWER: _("Answer findings of the validation rules")}
