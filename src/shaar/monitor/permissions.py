"""The verbs of the monitor: looking at it, and answering its alerts."""

from django.utils.translation import gettext_lazy as _

VIEW, ANSWER = "monitor.view", "monitor.answer"
VERBS = {VIEW: _("Look at the monitor of the city"), ANSWER: _("Answer the monitor's alerts")}
