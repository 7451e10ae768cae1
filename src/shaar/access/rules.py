"""Pure decisions on scopes: what is held where, and whether that covers what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Codes: TypeAlias = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Part:
    """Where one assignment holds: these units and these territories; None is all of them.

    `behalf` is the absent person whose assignment it is, None for one's own.
    """

    units: Codes = None
    territories: Codes = None
    behalf: int | None = None

    def covers(self, *, unit: str | None = None, territory: str | None = None) -> bool:
        """Tell whether the part reaches the unit and the territory; what is not asked does not limit."""
        return _has(self.units, unit) and _has(self.territories, territory)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an actor may a verb: the parts of every assignment that grants it; without parts nowhere.

    `covers` is exact. `units` and `territories` are unions over the parts, for narrowing a query: a row
    outside them is never covered, a row inside both is covered for certain only where there is one part.
    """

    parts: tuple[Part, ...] = ()

    def covers(self, *, unit: str | None = None, territory: str | None = None) -> bool:
        """Tell whether a single assignment reaches both the unit and the territory."""
        return any(part.covers(unit=unit, territory=territory) for part in self.parts)

    def behalf(self, *, unit: str | None = None, territory: str | None = None) -> int | None:
        """Return for whom the actor may there as a deputy; None when their own roles allow it."""
        found = [part.behalf for part in self.parts if part.covers(unit=unit, territory=territory)]
        return found[0] if found and None not in found else None

    @property
    def is_empty(self) -> bool:
        """Tell whether the actor may the verb nowhere."""
        return not self.parts

    @property
    def units(self) -> Codes:
        """Return every unit that some part reaches; None is all."""
        return _union(part.units for part in self.parts)

    @property
    def territories(self) -> Codes:
        """Return every territory that some part reaches; None is all."""
        return _union(part.territories for part in self.parts)


NOWHERE = Scope()
EVERYWHERE = Scope((Part(),))


def _has(codes: Codes, code: str | None) -> bool:
    return codes is None or code is None or code in codes


def _union(sets: Iterable[Codes]) -> Codes:
    found: set[str] = set()
    for codes in sets:
        if codes is None:
            return None
        found |= codes
    return frozenset(found)
