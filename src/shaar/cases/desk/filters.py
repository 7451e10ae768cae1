"""What a person asks of the inbox: words, kind of work, state, unit, deadline, whose, and the order."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

DUE = ("overdue", "today", "week")
WHOSE = ("me", "nobody", "taken")
FROM = ("own", "absent")
SORTS = ("due", "new", "unit", "title")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """A question to the inbox; an empty value asks for everything.

    `work` is a workflow's code and `state` `workflow:state`; `source` parts one's own work from that of the
    absent people for whom one stands in.
    """

    q: str = ""
    work: str = ""
    state: str = ""
    unit: str = ""
    due: str = ""
    whose: str = ""
    source: str = ""
    sort: str = "due"

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is asked for, in whatever order."""
        return not any(getattr(self, one.name) for one in fields(self) if one.name != "sort")

    def query(self) -> str:
        """Return the question as the query of an address, without what is not asked."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode(
            {key: value for key, value in asked.items() if value and (key, value) != ("sort", "due")}
        )


def parse(given: Mapping[str, str]) -> Filter:
    """Read a question from the query of an address; a word that is no choice counts as not asked."""

    def word(name: str) -> str:
        return given.get(name, "").strip()[:LONGEST].replace("\x00", "")

    def choice(name: str, allowed: tuple[str, ...]) -> str:
        return word(name) if word(name) in allowed else ""

    return Filter(
        q=word("q"),
        work=word("work"),
        state=word("state"),
        unit=word("unit"),
        due=choice("due", DUE),
        whose=choice("whose", WHOSE),
        source=choice("source", FROM),
        sort=choice("sort", SORTS) or "due",
    )
