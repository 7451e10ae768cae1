"""How a measure came to be worded as it is: each revision of the plan with what it changed in its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.access.api import people
from shaar.city import api as city
from shaar.kernel.texts import Text
from shaar.programme import drafting, models, queries
from shaar.programme.outcomes import MeasureData, RevisionView

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a measure before and after a revision, as people read it."""

    name: Words
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a revision did to a measure; `who` put it in force, empty where it came with the city pack."""

    revision: RevisionView
    who: str
    is_first: bool
    is_cancelled: bool
    fields: tuple[Changed, ...]


def measure_history(code: str, measure: str) -> list[Change]:
    """Return the revisions that worded a measure, the latest first."""
    versions = queries.with_parts(
        models.MeasureVersion.objects.filter(
            measure__programme__code=code, measure__code=measure, revision__enacted_at__isnull=False
        )
    ).select_related("measure", "node__parent", "revision__act")
    rows = sorted(versions, key=lambda one: (one.revision.effective_from, one.revision.number))
    ids = {one.revision.enacted_by for one in rows if one.revision.enacted_by.startswith("user:")}
    names = {f"user:{number}": one.name for number, one in people([int(key[5:]) for key in ids]).items()}
    units = {one.code: str(one.name.of(_language())) for one in city.units(on=date.max)}
    found, before = [], None
    for row in rows:
        after = _fields(row, units)
        found.append(
            Change(
                revision=queries.revision_view(row.revision),
                who=names.get(row.revision.enacted_by, ""),
                is_first=before is None,
                is_cancelled=row.is_cancelled,
                fields=tuple(_changed(before, after)) if before is not None else (),
            )
        )
        before = after
    return found[::-1]


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    for key, name in NAMES.items():
        if before[key] != after[key]:
            yield Changed(name, before[key], after[key])


NAMES: Mapping[str, Words] = {
    "number": _("Number in the plan"),
    "node": _("Branch of the plan"),
    "text_ru": _("Text in Russian"),
    "text_ky": _("Text in Kyrgyz"),
    "text_en": _("Text in English"),
    "period": _("Period"),
    "expected": _("Expected result"),
    "note": _("Note"),
    "responsible": _("Responsible"),
    "co_responsible": _("Co-responsible"),
    "indicators": _("Indicators"),
    "funding": _("Funding"),
    "cancelled": _("Reason of cancellation"),
    "source": _("Source"),
}


def _fields(row: models.MeasureVersion, units: Mapping[str, str]) -> dict[str, str]:
    data: MeasureData = queries.measure_data(row)
    source = data.source
    return {
        "number": data.number,
        "node": row.node.name.of(_language()),
        "text_ru": data.text.ru,
        "text_ky": data.text.ky,
        "text_en": data.text.en,
        "period": data.period,
        "expected": _both(data.expected),
        "note": _both(data.note),
        "responsible": ", ".join(units.get(code, code) for code in data.responsible),
        "co_responsible": ", ".join(units.get(code, code) for code in data.co_responsible),
        "indicators": drafting.indicators_text(data.indicators),
        "funding": drafting.funding_text(data.funding),
        "cancelled": row.cancel_reason,
        "source": f"{source.document}:{source.line or ''}".rstrip(":"),
    }


def _both(text: Text) -> str:
    return "\n".join(part for part in (text.ru, text.ky) if part)


def _language() -> str:
    return (get_language() or "ru")[:2]
