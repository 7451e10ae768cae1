"""Tells on the command line how the figures of a text stand to the ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from shaar.kernel.writing import format_quantity
from shaar.reports.delivery import public_url
from shaar.reports.proofreading import Proof
from shaar.reports.proofreading.match import Verdict
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.printing import place
from shaar.reports.proofs.ledger import Compared


def matches_data(compared: Sequence[Compared]) -> dict[str, Any]:
    """Return the verdicts counted, and each figure for which one indicator was found, as plain data."""
    return {
        "totals": _counts(compared),
        "figures": [_data(one) for one in compared if one.passport is not None],
    }


def matches_printed(proof: Proof, compared: Sequence[Compared], *, language: str) -> str:
    """Return the figures that differ, each with its trace, and a line of totals."""
    return "\n".join(
        [*_differing(proof, compared, language), sentences("ledger_totals", **_counts(compared))[language]]
    )


def _differing(proof: Proof, compared: Sequence[Compared], language: str) -> Iterator[str]:
    for one in compared:
        if one.match.verdict is Verdict.DIFFERS:
            spot = one.match.figure.spot
            where = place(proof, spot, language)
            told = sentences("ledger_figure", place=where, quote=spot.quote, value=_written(one, language))
            yield f"{told[language]}\n  {trace(one)}"


def trace(one: Compared) -> str:
    """Return the address of the page with the records of the figure."""
    code = one.match.indicator
    return public_url() + reverse("indicators:figure", kwargs={"code": code, "period": one.match.year})


def _counts(compared: Sequence[Compared]) -> dict[str, int]:
    counts = Counter(one.match.verdict for one in compared)
    return {verdict.value: counts[verdict] for verdict in Verdict}


def _data(one: Compared) -> dict[str, Any]:
    quantity = one.value.quantity if one.value else None
    return {
        "verdict": one.verdict,
        "indicator": one.match.indicator,
        "period": str(one.match.year),
        "passage": one.match.figure.spot.passage,
        "start": one.match.figure.spot.start,
        "quote": one.match.figure.spot.quote,
        "ledger": None if quantity is None or quantity.value is None else format(quantity.value, "f"),
        "measure": one.value.measure if one.value else "",
        "trace": trace(one),
    }


def _written(one: Compared, language: str) -> str:
    if one.value is None or one.value.quantity is None or one.passport is None:
        return "—"
    written = format_quantity(one.value.quantity, language, precision=one.passport.precision)
    return f"{written} {one.symbol.of(language)}".strip() if one.symbol else written
