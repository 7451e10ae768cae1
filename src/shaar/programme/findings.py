"""Validation rules over a programme's measures, which run where the pack's rules.yaml names them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from shaar.indicators.api import Finding, RuleContext
from shaar.kernel.periods import PeriodKind
from shaar.kernel.texts import Text
from shaar.programme import models, queries, rules
from shaar.programme.outcomes import StatedTotals

ALL, EXECUTED, IN_PROGRESS = "all", "executed", "in_progress"


def itemised_total(context: RuleContext) -> Iterator[Finding]:
    """Find where the source states how many measures there are and names another number of them.

    Numbers: `stated` and `itemised`, and the same for `executed` and `in_progress`, one finding for a year.
    """
    if context.period.kind is not PeriodKind.YEAR:
        return
    for programme in models.Programme.objects.order_by("code"):
        for totals in queries.stated_totals(programme):
            if totals.year == context.period.end.year and context.concerns(totals.all):
                yield from _compare(context, programme, totals)


def _compare(context: RuleContext, programme: models.Programme, totals: StatedTotals) -> Iterator[Finding]:
    counts = Counter(one.stated_status for one in queries.measures(programme.code, year=totals.year))
    itemised = {ALL: sum(counts.values()), EXECUTED: counts[EXECUTED], IN_PROGRESS: counts[IN_PROGRESS]}
    codes = {ALL: totals.all, EXECUTED: totals.executed, IN_PROGRESS: totals.in_progress}
    values = {key: context.value(code).quantity for key, code in codes.items()}
    stated = {key: value.value for key, value in values.items() if value and value.value is not None}
    if ALL not in stated:
        return
    numbers = {f"itemised_{key}": str(number) for key, number in itemised.items()}
    numbers |= {f"stated_{key}": str(number) for key, number in stated.items()}
    words = {"itemised": itemised[ALL], "stated": stated[ALL]}
    if all(stated[key] == itemised[key] for key in stated):
        text = _("All %(stated)s measures that the source counts are named.")
        yield context.confirmed(list(codes.values()), text, _words(words), numbers)
        return
    text = _("The source counts %(stated)s measures and names %(itemised)s: the rest are not itemised.")
    yield context.finding(list(codes.values()), text, _words(words), numbers, key=programme.code)


def status_disagrees(context: RuleContext) -> Iterator[Finding]:
    """Find measures whose stated status claims something else than their targets and figures."""
    if context.period.kind is not PeriodKind.YEAR:
        return
    year = context.period.end.year
    for programme in models.Programme.objects.order_by("code"):
        for one in queries.own_measures(programme.code, year=year, on=date(year, 12, 31)):
            codes = [code for code, _target in one.targets if context.concerns(code)]
            if not codes or not rules.disagrees(one.stated_status, one.derived_status):
                continue
            yield context.finding(
                list(dict.fromkeys(codes)),
                _("“%(measure)s”: the stated status and the figures disagree."),
                {"measure": one.text},
                {"stated": str(one.stated_status), "derived": str(one.derived_status)},
                key=f"{programme.code}/{one.code}",
            )


def _words(numbers: dict[str, object]) -> dict[str, Text]:
    return {name: Text(str(number)) for name, number in numbers.items()}
