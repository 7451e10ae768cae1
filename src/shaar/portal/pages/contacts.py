"""How the units of the city are reached, as the pack states it; what it does not state is missing."""

from dataclasses import dataclass

from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.portal.pack import Contact, kept_words


@dataclass(frozen=True, slots=True)
class ContactView:
    """A unit and how it is reached; None of the pack says nothing of it."""

    unit: city.UnitView
    name: Text
    stated: Contact | None


def contacts() -> list[ContactView]:
    """Return the units of today, those first of which the pack states how they are reached."""
    stated = {one.unit: one for one in kept_words().contacts}
    found = [ContactView(one, one.name, stated.get(one.code)) for one in city.units(on=clock.today())]
    return sorted(found, key=lambda one: (one.unit.kind != "city_hall", one.stated is None))
