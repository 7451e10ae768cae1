"""A list of like figures whose total is never said."""

from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import Group, groups, is_additive
from shaar.reports.proofreading.text import Text

FEWEST = 3


def find(text: Text) -> Iterator[Finding]:
    """Yield lists of at least three like figures without a total, as a remark with their sum."""
    stated = {figure.base for figure in text.figures if is_additive(figure)}
    for group in groups(text):
        parts = _alike(group)
        if group.trigger != "bullets" or group.totals or len(parts) < FEWEST:
            continue
        amount = sum((part.base for part in parts), Decimal(0))
        text.checked += 1
        if amount in stated:
            continue
        first = parts[0]
        factor = Decimal(10) ** first.scale * (first.unit.factor if first.unit else 1)
        messages = sentences("missing_total", count=len(parts), sum=amount / factor)
        spots = tuple(text.spot_of(part) for part in parts)
        yield Finding("missing_total", Severity.REMARK, spots, messages, {"sum": plain(amount / factor)})


def _alike(group: Group) -> list[Figure]:
    """Return the first figure of each item when they are all of one unit."""
    items: dict[int, Figure] = {}
    for one in group.zone:
        if is_additive(one.figure):
            items.setdefault(one.item, one.figure)
    found = list(items.values())
    units = {
        (figure.unit.code if figure.unit else "", "" if figure.unit else figure.noun) for figure in found
    }
    return found if len(units) == 1 and len(items) == len({one.item for one in group.zone}) else []
