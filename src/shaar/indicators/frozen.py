"""Values as a published edition froze them, asked of the module above that keeps editions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shaar.indicators.outcomes import Trace, TracedFact
from shaar.kernel.quantities import Quantity


@dataclass(frozen=True, slots=True)
class FrozenValue:
    """An indicator's value in an edition, None where it was missing; `url` opens the edition."""

    edition: int
    quantity: Quantity | None
    taken_at: datetime
    published_at: datetime
    url: str

    def knows(self, fact: TracedFact) -> bool:
        """Tell whether a fact was recorded by the time when the edition was gathered, which is in seconds."""
        return fact.recorded_at.replace(microsecond=0) <= self.taken_at

    def later(self, trace: Trace) -> tuple[TracedFact, ...]:
        """Return the facts and reversals of a figure that were recorded after the edition was gathered."""
        return tuple(fact for fact in trace.history if not self.knows(fact))


Provider = Callable[[int, str, str], FrozenValue | None]
_providers: dict[str, Provider] = {}


def register_frozen_values(name: str, provider: Provider) -> None:
    """Make a module's editions known: `provider(number, indicator, period)`, from its AppConfig.ready."""
    _providers[name] = provider


def frozen_value(number: int, *, indicator: str, period: str) -> FrozenValue | None:
    """Return what an edition with this number froze of a figure; None when there is none."""
    for provider in _providers.values():
        if (found := provider(number, indicator, period)) is not None:
            return found
    return None
