"""Loads the example regulation and rates the report's year by it, which has hardly a figure by unit."""

from collections.abc import Sequence
from pathlib import Path

from shaar.access.api import pack_actor
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.ratings import rounds
from shaar.ratings.models import Regulation, Round
from shaar.ratings.pack import load_pack

CODE, PERIOD = "example", "2022"


def load(pack: Path) -> Sequence[str]:
    """Load the regulations and open the rating of 2022; safe to repeat."""
    load_pack(pack, actor=f"pack:{pack.name}")
    newest = Regulation.objects.filter(code=CODE, is_example=True).order_by("-version").first()
    if newest is None or Round.objects.filter(code=CODE, period=PERIOD).exists():
        return ()
    rounds.open_round(newest.pk, Period.parse(PERIOD), actor=pack_actor(pack.name), at=clock.now())
    return ["Ratings of units: /staff/ratings/ (an example regulation)"]
