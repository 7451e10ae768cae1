"""What differs between two editions: values, remarks and names, figure by figure."""

from dataclasses import dataclass

from shaar.reports import wording
from shaar.reports.snapshot import Figure, Snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure whose value or state changed; an empty side means that the edition has no such figure."""

    indicator: str
    period: str
    before: str
    after: str


def differences(before: Snapshot, after: Snapshot, *, language: str = "ru") -> tuple[Difference, ...]:
    """Return the figures that differ, in the order of the later edition, then those that are gone."""
    keys = dict.fromkeys([*after.by_indicator, *before.by_indicator])
    found = []
    for key in keys:
        old, new = before.by_indicator.get(key), after.by_indicator.get(key)
        if _said(old) != _said(new):
            found.append(Difference(key[0], key[1], _written(old, language), _written(new, language)))
    return tuple(found)


def _said(figure: Figure | None) -> tuple[object, ...] | None:
    if figure is None:
        return None
    return figure.value, figure.upper, figure.qualifier, figure.as_written, figure.state


def _written(figure: Figure | None, language: str) -> str:
    return wording.phrase(figure, language) + wording.mark(figure) if figure else ""
