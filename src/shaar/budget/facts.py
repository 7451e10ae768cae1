"""The facts that the budget records: money received and spent."""

from django.utils.translation import gettext_lazy as _

from shaar.ledger.api import FactType, declare

EXECUTED = declare(FactType("budget.executed.v1", _("Money of the budget was received or spent.")))
