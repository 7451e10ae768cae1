"""Lists of a programme as files: CSV for spreadsheets, JSON for programs."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from shaar.kernel.texts import Text
from shaar.programme.pages import Line

BYTE_ORDER_MARK = "\ufeff"
HEAD = (
    "code",
    "number",
    "direction",
    "text_ru",
    "text_ky",
    "period",
    "responsible",
    "co_responsible",
    "status",
    "stated_status",
    "derived_status",
    "indicators",
    "source",
)


def measures_csv(lines: Iterable[Line], *, name: str) -> HttpResponse:
    """Return measures as CSV in UTF-8 with its mark, so that spreadsheets read Kyrgyz."""
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(HEAD)
    writer.writerows([_cell(cell) for cell in _row(line)] for line in lines)
    return response


def measures_json(lines: Iterable[Line], *, programme: str, year: int) -> JsonResponse:
    """Return measures as JSON with everything that the plan says of them."""
    document = {
        "schema": "shaar.measures/1",
        "programme": programme,
        "year": year,
        "measures": [_document(line) for line in lines],
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _row(line: Line) -> Sequence[str]:
    one = line.measure
    source = one.source
    return (
        one.code,
        one.number or "",
        str(one.direction),
        one.text.ru,
        one.text.ky,
        one.period,
        " ".join(one.responsible),
        " ".join(one.co),
        line.status,
        one.stated_status or "",
        one.derived_status or "",
        " ".join(one.indicators),
        f"{source.document}:{source.line}" if source.document else "",
    )


def _document(line: Line) -> dict[str, Any]:
    one = line.measure
    return {
        "code": one.code,
        "number": one.number,
        "direction": one.direction,
        "text": _text(one.text),
        "expected": _text(one.expected),
        "period": one.period,
        "responsible": list(one.responsible),
        "co_responsible": list(one.co),
        "status": line.status,
        "stated_status": one.stated_status,
        "derived_status": one.derived_status,
        "reason": one.reason,
        "indicators": list(one.indicators),
        "targets": [
            {"indicator": code, "period": target.period, "value": str(target.value)}
            for code, target in one.targets
        ],
        "funding": [
            {
                "source": money.source,
                "year": money.year,
                "amount": str(money.amount),
                "currency": money.currency,
            }
            for money in one.funding
        ],
        "findings": [finding.rule for finding in one.findings],
        "source": {"document": one.source.document, "line": one.source.line},
    }


def _text(text: Text) -> dict[str, str]:
    return {key: value for key in ("ru", "ky", "en") if (value := getattr(text, key))}


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
