"""What goes into the search and what comes out of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from shaar.kernel.texts import Text

NOTHING = Text("")


@dataclass(frozen=True, slots=True)
class Document:
    """A page or record to be found: its address, its title, and other words that lead to it.

    `audience` is the verb that a reader needs within `unit` and `territory`; empty for everyone. Personal
    data have no place in a document that everyone may find.
    """

    key: str
    url: str
    title: Text
    body: Text = NOTHING
    audience: str = ""
    unit: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of documents: what it is called, how much it matters from 0 for records to 9, and all of them.

    Without `documents` the kind is kept by `put` and `drop` alone, record by record.
    `audiences` are the verbs that its documents ask for, beside everyone.
    """

    kind: str
    name: str | Promise
    weight: int = 0
    documents: Callable[[], Iterable[Document]] | None = None
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; `snippet` is where its text has the words, in pieces, the odd ones being the words."""

    kind: str
    kind_name: str | Promise
    key: str
    url: str
    title: Text
    snippet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found.

    `total` counts what may be paged through; where `is_partial`, there is more than was looked at, and the
    newest was. `corrected` is the question as it was put right when it found nothing as it was asked. `kinds`
    says how many of each kind were found.
    """

    hits: tuple[Hit, ...]
    total: int
    kinds: tuple[tuple[str, str | Promise, int], ...]
    is_partial: bool = False
    corrected: str = ""


EMPTY = Found((), 0, ())
