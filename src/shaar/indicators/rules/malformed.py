"""Numbers written so that nobody can tell which was meant: «1 1684»."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits
from shaar.kernel.quantities import Qualifier, readings


def find(context: RuleContext) -> Iterator[Finding]:
    """Find each disputed figure that keeps only its writing. Numbers: `as_written`, `readings`."""
    for passport in context.passports:
        cells = context.reckoner.counted(passport.code, context.period)
        for written in dict.fromkeys(
            cell.quantity.as_written
            for cell in cells
            if cell.quantity is not None and cell.quantity.qualifier is Qualifier.DISPUTED
        ):
            found = readings(written)
            yield context.finding(
                (passport.code,),
                _("%(name)s: “%(written)s” is not a well-formed number; possible readings: %(readings)s."),
                {"name": passport.name, "written": written, "readings": tuple(found) or "—"},
                {"as_written": written, "readings": " / ".join(digits(reading) for reading in found)},
            )
