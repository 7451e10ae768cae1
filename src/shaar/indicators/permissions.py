"""The verbs of indicators: what a role may let a person do here."""

from django.utils.translation import gettext_lazy as _

ANSWER = "indicators.answer"
CONFIGURE = "indicators.configure"
VERBS = {
    ANSWER: _("Answer findings of the validation rules"),
    CONFIGURE: _("Change passports of indicators and validation rules"),
}
