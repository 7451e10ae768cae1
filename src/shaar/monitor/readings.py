"""What was reckoned of a tile, as it is kept and sent: numbers and codes, no words of any language."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import TypeAdapter

from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.monitor.rules import Level, Standing


@dataclass(frozen=True, slots=True)
class Point:
    """The value of one period of the trend; None where nothing was reported."""

    period: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A tile on a day: the period shown, its value, what was expected, and how that is judged."""

    tile: str
    standing: Standing
    level: Level
    period: str
    value: Decimal | None
    upper: Decimal | None
    qualifier: Qualifier
    as_written: str
    target: Decimal | None
    expected: Decimal | None
    share: Decimal | None
    points: tuple[Point, ...]
    last_at: datetime | None
    is_open: bool

    @property
    def quantity(self) -> Quantity | None:
        """Return the value with its qualifier."""
        if self.value is None and self.qualifier is not Qualifier.DISPUTED:
            return None
        return Quantity(self.value, self.upper, self.qualifier, self.as_written)

    @property
    def shown(self) -> Period:
        """Return the period whose value is shown."""
        return Period.parse(self.period)

    @property
    def earlier(self) -> list[Decimal]:
        """Return the known values of the periods before the one shown, oldest first."""
        before = [one for one in self.points if one.period != self.period]
        return [one.value for one in before if one.value is not None]


READING = TypeAdapter(Reading)
