"""Figures whose source does not say for which period they stand."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding, State
from shaar.indicators.passports import Passport
from shaar.indicators.rules.registry import RuleContext


def find(context: RuleContext) -> Iterator[Finding]:
    """Find figures without a stated period, those about one object together."""
    groups: dict[str, list[Passport]] = {}
    for passport in context.passports:
        value = context.value(passport.code)
        if value.state is State.MISSING or value.is_period_stated or passport.formula is not None:
            continue
        if _gathers(passport, context.passports):
            continue
        groups.setdefault(passport.object or passport.code, []).append(passport)
    for group, members in groups.items():
        names = tuple(passport.name for passport in members)
        yield context.finding(
            [passport.code for passport in members],
            _("The source does not say for which period these figures stand: %(names)s."),
            {"names": names},
            key=group,
        )


def _gathers(passport: Passport, others: Sequence[Passport]) -> bool:
    """Tell whether an indicator only gathers the figures of others, which the source states one by one."""
    return not passport.row and any(
        passport.where.items() < other.where.items() for other in others if passport.where
    )
