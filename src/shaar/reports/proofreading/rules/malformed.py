"""Digits that do not make one number: «1 1684»."""

from collections.abc import Iterator

from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Text


def find(text: Text) -> Iterator[Finding]:
    """Yield malformed numbers with what may have been meant; it is sure where a unit or a noun follows."""
    for figure in text.figures:
        if not figure.is_quantity or figure.value is not None:
            continue
        text.checked += 1
        is_sure = figure.unit is not None or bool(figure.phrase.head_word)
        readings = "; ".join(plain(value) for value in figure.readings) or "—"
        messages = sentences("malformed", written=figure.written, readings=readings)
        severity = Severity.ERROR if is_sure else Severity.WARNING
        yield Finding("malformed", severity, (text.spot_of(figure),), messages, {"readings": readings})
