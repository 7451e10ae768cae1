"""What a person can be told when something cannot be done, and where it went wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise

Message: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mistake stands: a line and field of a file, or a cell of a workbook's sheet."""

    file: str | None = None
    line: int | None = None
    field: str | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        position = f"{self.file}:{self.line}" if self.file and self.line else self.file or ""
        address = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.cell or self.sheet or ""
        return " ".join(part for part in (position, address, self.field or "") if part)


class Refusal(Exception):
    """A request that cannot be granted, with a machine-readable code and a sentence for the person."""

    def __init__(self, code: str, message: Message, *, place: Place | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else str(self.message)

    @property
    def problems(self) -> tuple["Refusal", ...]:
        """Return the single refusals that this one is made of."""
        return (self,)


class Refusals(Refusal):
    """Several refusals of one request, told together so that a person mends them in one go."""

    def __init__(self, problems: Iterable[Refusal]) -> None:
        found = tuple(problem for refusal in problems for problem in refusal.problems)
        if not found:
            raise ValueError("Refusals needs at least one problem")
        super().__init__(found[0].code, found[0].message, place=found[0].place)
        self._problems = found

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self._problems)

    @property
    def problems(self) -> tuple[Refusal, ...]:
        """Return every single refusal, in the order in which it was found."""
        return self._problems


def refuse_all(problems: Sequence[Refusal]) -> None:
    """Raise the collected problems together; do nothing when there are none."""
    if problems:
        raise Refusals(problems)
