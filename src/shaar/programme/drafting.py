"""What the pages of plan editing show, and how a form's text becomes parts of a measure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from shaar.access.api import Actor, check
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.texts import Text
from shaar.programme import models, queries
from shaar.programme.outcomes import FundingData, IndicatorData, MeasureData, RevisionView, TargetData
from shaar.programme.permissions import PLAN

FUNDING_PARTS = 4
INDICATOR_PARTS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A measure of the plan as the draft leaves it; `change` is "", "added", "changed" or "cancelled"."""

    data: MeasureData
    branch: Text
    change: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme's plan with its revisions and, where one is open, the draft of the next."""

    programme: models.Programme
    revisions: tuple[RevisionView, ...]
    draft: RevisionView | None
    rows: tuple[Row, ...]


def plan(code: str, *, actor: Actor) -> Plan:
    """Return a plan as its editing page shows it; Refusal `unknown_programme`, `forbidden`."""
    row = queries.required_programme(code)
    check(actor, PLAN, unit=row.unit.code)
    revisions = tuple(queries.revisions(code))
    draft = next((one for one in revisions if one.enacted_at is None), None)
    return Plan(row, revisions, draft, tuple(_rows(row, draft)))


def draft_of(code: str, *, actor: Actor) -> RevisionView:
    """Return the open draft; Refusal `unknown_revision` where there is none, `forbidden`."""
    found = plan(code, actor=actor).draft
    if found is None:
        raise Refusal("unknown_revision", _("There is no such revision of the plan."))
    return found


def measure_of(code: str, measure: str, *, draft: RevisionView) -> MeasureData:
    """Return a measure as the draft words it, or as it is in force; Refusal `unknown_measure`."""
    versions = queries.with_parts(models.MeasureVersion.objects.filter(revision_id=draft.id))
    row = queries.required_programme(code)
    for found in (versions, queries.versions_on(row, draft.effective_from)):
        version = found.filter(measure__code=measure, measure__programme=row).first()
        if version is not None:
            return queries.measure_data(version)
    raise Refusal("unknown_measure", str(_("There is no measure “%(code)s”.")) % {"code": measure})


def funding_text(parts: Iterable[FundingData]) -> str:
    """Write the money of a measure, a line for each source and year."""
    return "\n".join(f"{one.source}; {one.year}; {one.amount}; {one.currency}" for one in parts)


def indicators_text(parts: Iterable[IndicatorData]) -> str:
    """Write the indicators of a measure, a line for each: code; baseline; targets."""
    return "\n".join(
        "; ".join(
            (one.code, plain(one.baseline), " ".join(f"{t.period}={plain(t.value)}" for t in one.targets))
        )
        for one in parts
    )


def plain(number: Decimal | None) -> str:
    """Return a number without zeros at its end; nothing for a missing one."""
    return "" if number is None else f"{number.normalize():f}"


def read_funding(text: str) -> tuple[FundingData, ...]:
    """Read lines of source; year; amount; currency; Refusal `malformed_line` names the line."""
    found = []
    for number, line in _lines(text):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != FUNDING_PARTS or not parts[1].isdecimal():
            raise _malformed(number, "funding")
        found.append(FundingData(parts[0], int(parts[1]), _decimal(parts[2], number, "funding"), parts[3]))
    return tuple(found)


def read_indicators(text: str, *, known: Iterable[IndicatorData] = ()) -> tuple[IndicatorData, ...]:
    """Read lines of code; baseline; period=value …, keeping what `known` says besides."""
    before = {one.code: one for one in known}
    found = []
    for number, line in _lines(text):
        code, baseline, targets = ([part.strip() for part in line.split(";")] + ["", ""])[:INDICATOR_PARTS]
        held = before.get(code, IndicatorData(code))
        found.append(
            replace(
                held,
                baseline=_decimal(baseline, number, "indicators") if baseline else None,
                targets=tuple(_target(word, number, held) for word in targets.split()),
            )
        )
    return tuple(found)


def _target(word: str, number: int, held: IndicatorData) -> TargetData:
    period, sign, value = word.partition("=")
    if not sign:
        raise _malformed(number, "indicators")
    wanted = TargetData(period, _decimal(value, number, "indicators"))
    same = (one for one in held.targets if (one.period, one.value) == (wanted.period, wanted.value))
    return next(same, wanted)


def _rows(row: models.Programme, draft: RevisionView | None) -> Iterable[Row]:
    day = draft.effective_from if draft else date.max
    in_force = {one.measure.code: one for one in queries.versions_on(row, day)}
    drafted = {}
    if draft:
        versions = queries.with_parts(models.MeasureVersion.objects.filter(revision_id=draft.id))
        drafted = {one.measure.code: one for one in versions}
    for code, version in (in_force | drafted).items():
        change = "" if code not in drafted else "changed" if code in in_force else "added"
        if version.is_cancelled:
            change = "cancelled"
        yield Row(queries.measure_data(version), version.node.name, change)


def _lines(text: str) -> Iterable[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _decimal(text: str, number: int, field: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        raise _malformed(number, field) from None


def _malformed(number: int, field: str) -> Refusal:
    message = str(_("Line %(number)d is not written as the hint says.")) % {"number": number}
    return Refusal("malformed_line", message, place=Place(field=field))
