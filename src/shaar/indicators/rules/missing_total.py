"""Kinds of one figure whose total nobody states."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding, State
from shaar.indicators.passports import Passport, Role
from shaar.indicators.rules.comparing import in_base_measure, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Find groups of one figure, split by kind or territory, that have no stated total, and reckon it.

    Numbers: `total` (in the measure of the first part) and `parts`.
    """
    for members in _groups(context):
        split = [passport for passport in members if _split(passport)]
        wholes = {code for one in split for code in context.catalogue.wholes.get(one.code, ())}
        wholes |= {passport.code for passport in members if not _split(passport)}
        if len(split) < 2 or any(_is_stated(context, whole, split) for whole in sorted(wholes)):
            continue
        if found := _total(context, split):
            yield found


def _groups(context: RuleContext) -> Iterator[list[Passport]]:
    groups: dict[tuple[str, str, str], list[Passport]] = {}
    for passport in context.passports:
        source, figure = passport.fact_source, passport.where.get("figure")
        if (
            source is None
            or not figure
            or passport.role not in {Role.FACT, Role.TOTAL}
            or not passport.is_additive
        ):
            continue
        dimension = context.catalogue.measure(passport.measure).dimension
        groups.setdefault((source.fact, figure, dimension), []).append(passport)
    yield from groups.values()


def _split(passport: Passport) -> frozenset[str]:
    return frozenset(passport.where) - {"figure"}


def _is_stated(context: RuleContext, whole: str, split: list[Passport]) -> bool:
    """Tell whether a figure is stated for the whole, and not only summed from its parts."""
    summed = [cell for part in split for cell in context.reckoner.counted(part.code, context.period)]
    return any(cell not in summed for cell in context.reckoner.counted(whole, context.period))


def _total(context: RuleContext, split: list[Passport]) -> Finding | None:
    numbers = [number_of(context, passport.code) for passport in split]
    known = [number for number in numbers if number is not None]
    states = {context.value(passport.code).state for passport in split}
    if len(known) < len(split) or State.MISSING in states:
        return None
    base = sum(
        (in_base_measure(context, one, number) for one, number in zip(split, known, strict=True)), Decimal(0)
    )
    total = base / context.catalogue.measure(split[0].measure).factor
    return context.finding(
        [passport.code for passport in split],
        _("No total is stated for: %(names)s. Together they make %(total)s."),
        {"names": tuple(passport.name for passport in split), "total": total},
        {"total": digits(total), "parts": " + ".join(digits(number) for number in known)},
        key=split[0].where["figure"],
    )
