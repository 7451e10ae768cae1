"""Everything that a report says, gathered once: rendering reads it and nothing else, an edition freezes it.

The canonical form is JSON with sorted keys, decimals as strings and no spaces; its SHA-256 is the
edition's hash.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from pydantic import TypeAdapter

from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The record that a figure came from: its kind, name, place inside and, for a file, its SHA-256."""

    kind: str
    ref: str
    title: str = ""
    place: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value of one indicator, with all that its line in the annex says.

    `state` is known, partial, missing or disputed; `unit` is the symbol of the measure; `noun` is what is
    counted, in the nominative singular; `plan` names the indicator that holds the plan.
    """

    indicator: str
    name: Text
    period: str
    state: str
    unit: Text
    section: str = ""
    row: str = ""
    owner: str = ""
    territory: str = ""
    value: Decimal | None = None
    upper: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    as_written: str = ""
    noun: Text = field(default_factory=lambda: Text(""))
    precision: int | None = None
    plan: str = ""
    sources: tuple[Source, ...] = ()
    note: Text = field(default_factory=lambda: Text(""))

    @property
    def quantity(self) -> Quantity:
        """Return the value as a quantity; ValueError when it is missing."""
        return Quantity(self.value, self.upper, self.qualifier, self.as_written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of figures: a finding, or a relation that it confirms."""

    key: str
    rule: str
    outcome: str
    severity: str
    indicators: tuple[str, ...]
    period: str
    message: Text
    rows: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A legal act as the report names it."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeasure:
    """A measure of the plan with the status that its unit states."""

    code: str
    number: str
    text: Text
    direction: int
    responsible: tuple[Text, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A direction of the programme, in its order."""

    number: int
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPlan:
    """A chart that the pack declares: its kind and the indicators whose values it draws."""

    code: str
    kind: str
    title: Text
    indicators: tuple[str, ...]
    labels: tuple[Text, ...] = ()
    tiles: tuple[tuple[int, int], ...] = ()
    note: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A programme's year at one moment; `templates` holds the report's text in each language."""

    programme: str
    programme_name: Text
    author: Text
    year: int
    taken_at: datetime
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...] = ()
    acts: tuple[Act, ...] = ()
    measures: tuple[PlannedMeasure, ...] = ()
    directions: tuple[Direction, ...] = ()
    charts: tuple[ChartPlan, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    template_files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @cached_property
    def by_indicator(self) -> dict[tuple[str, str], Figure]:
        """Return figures by indicator and period."""
        return {(figure.indicator, figure.period): figure for figure in self.figures}

    @cached_property
    def findings_of(self) -> dict[str, tuple[Finding, ...]]:
        """Return the findings (not the confirmations) that name each indicator."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            if finding.outcome == "finding":
                for indicator in dict.fromkeys(finding.indicators):
                    found.setdefault(indicator, []).append(finding)
        return {indicator: tuple(listed) for indicator, listed in found.items()}

    @property
    def period(self) -> str:
        """Return the code of the report's year."""
        return str(self.year)

    def figure(self, indicator: str, period: str = "") -> Figure | None:
        """Return a figure of the report's year or of another period."""
        return self.by_indicator.get((indicator, period or self.period))

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have a text, Russian first."""
        return tuple(sorted(self.templates, key=lambda language: (language != "ru", language)))


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def to_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as plain JSON data."""
    data: dict[str, Any] = _adapter().dump_python(snapshot, mode="json")
    return data


def from_data(data: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that `to_data` wrote; pydantic's ValidationError when it is none."""
    return _adapter().validate_python(dict(data))


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON bytes of plain data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a snapshot's canonical JSON."""
    return hashlib.sha256(canonical(data)).hexdigest()
