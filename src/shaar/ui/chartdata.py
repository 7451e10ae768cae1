"""What a chart shows as data: from it the script of the page draws the same chart again, to be explored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from shaar.kernel.writing import format_number

Kind: TypeAlias = Literal["bars", "stacked", "bullet", "lines", "calendar", "areas"]
NO_DATA = "—"


@dataclass(frozen=True, slots=True)
class ChartData:
    """Labels, and rows of values under names; `shapes` are GeoJSON geometries, one for each label."""

    kind: Kind
    language: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[Decimal | None, ...], ...]
    unit: str = ""
    shapes: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what the script draws: numbers, and each number as it is written in the language."""
        return {
            "kind": self.kind,
            "labels": self.labels,
            "names": self.names,
            "values": [[None if one is None else float(one) for one in row] for row in self.values],
            "written": [[written(one, self.language) for one in row] for row in self.values],
            "unit": self.unit,
            "shapes": [dict(one) for one in self.shapes],
        }

    def rows(self, heading: str) -> list[list[str]]:
        """Return the values as rows for programs: plain numbers, nothing for a missing one."""
        head = [heading, *(f"{name}, {self.unit}" if self.unit else name for name in self.names)]
        columns = [[plain(one) for one in row] for row in self.values]
        return [head, *([label, *cells] for label, *cells in zip(self.labels, *columns, strict=True))]


def written(value: Decimal | None, language: str) -> str:
    """Write a value as people of the language do; a dash for a missing one."""
    return NO_DATA if value is None else format_number(value, language)


def plain(value: Decimal | None) -> str:
    """Write a value with a decimal point and without an exponent."""
    return "" if value is None else format(value, "f")


def of(
    kind: Kind, labels: Sequence[str], series: Sequence[Any], *, language: str, unit: str = ""
) -> ChartData:
    """Return the data of some series that have a name and values."""
    names = tuple(one.name for one in series)
    values = tuple(tuple(one.values) for one in series)
    return ChartData(kind, language, tuple(labels), names, values, unit)
