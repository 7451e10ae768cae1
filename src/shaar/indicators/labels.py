"""The words in which pages name states, rules, severities and kinds."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Outcome, Severity, State
from shaar.indicators.passports import Good, Kind, Role
from shaar.kernel.quantities import Qualifier

Labels = Mapping[str, str | Promise]

STATES: Labels = {
    State.KNOWN: _("known"),
    State.PARTIAL: _("partly known"),
    State.MISSING: _("no data"),
    State.DISPUTED: _("disputed"),
}
OUTCOMES: Labels = {Outcome.FINDING: _("finding"), Outcome.CONFIRMED: _("confirmed")}
SEVERITIES: Labels = {
    Severity.ERROR: _("error"),
    Severity.WARNING: _("warning"),
    Severity.NOTICE: _("notice"),
}
QUALIFIERS: Labels = {
    Qualifier.EXACT: _("exact"),
    Qualifier.AT_LEAST: _("at least so much"),
    Qualifier.APPROXIMATE: _("approximate"),
    Qualifier.RANGE: _("between two bounds"),
    Qualifier.DISPUTED: _("disputed, kept as written"),
}
KINDS: Labels = {
    Kind.FLOW: _("sum over the period"),
    Kind.STOCK: _("last value of the period"),
    Kind.RATIO: _("ratio"),
    Kind.FORMULA: _("reckoned by a formula"),
}
GOODS: Labels = {
    Good.UP: _("more is better"),
    Good.DOWN: _("less is better"),
    Good.NONE: _("neither"),
}
ROLES: Labels = {
    Role.FACT: _("fact"),
    Role.PLAN: _("plan"),
    Role.PERCENT: _("percent"),
    Role.DIFFERENCE: _("difference"),
    Role.TOTAL: _("total"),
    Role.CHARACTERISTIC: _("characteristic"),
    Role.COVERAGE: _("coverage"),
}
DIMENSIONS: Labels = {
    "territory": _("By territory"),
    "unit": _("By unit"),
    "kind": _("By kind"),
    "place": _("By place"),
    "status": _("By status"),
    "ownership": _("By ownership"),
}
RULES: Labels = {
    "alike": _("Alike but different"),
    "expected": _("Percents and differences"),
    "grain_mismatch": _("Long and short periods"),
    "inexact": _("Inexact figures"),
    "itemised_total": _("Listed items and the total"),
    "malformed": _("Malformed numbers"),
    "missing_period": _("Missing periods"),
    "missing_total": _("Missing totals"),
    "no_period": _("No period stated"),
    "overlap": _("Unclear overlaps"),
    "parts_total": _("Parts and totals"),
    "plan_fact": _("Plan and fact"),
    "stock_continuity": _("Continuity of stocks"),
    "two_plans": _("Two plans"),
}

APPROVALS: Labels = {
    "approved": _("approved by the head of the unit"),
    "accepted": _("accepted by the programme office"),
}
