"""What a dataset is: its words, its columns and where its rows come from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import override

from shaar.kernel.texts import LANGUAGES, Text

Words: TypeAlias = str | Promise
Type = Literal["text", "number", "whole", "day", "moment", "yes_no"]
Row: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name never changes; `is_key` columns together tell one row from another."""

    name: str
    title: Words
    type: Type = "text"
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table of the catalogue; `rows` yields values in the order of the columns, of the public scope only.

    `shapes` gives the same as GeoJSON, where the rows lie somewhere.
    """

    code: str
    title: Words
    about: Words
    keywords: tuple[Words, ...]
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    theme: str = "GOVE"
    shapes: Callable[[], dict[str, Any]] | None = None
    origin: Callable[[], str] | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the formats in which it is sent."""
        return ("csv", "json", "xlsx", *(("geojson",) if self.shapes else ()))


def texts(name: str, title: Words, *, is_key: bool = False) -> tuple[Column, ...]:
    """Return the columns of a text in each language: `name_ru`, `name_ky`, `name_en`."""
    return tuple(Column(f"{name}_{one}", title, is_key=is_key) for one in LANGUAGES)


def told(text: Text) -> tuple[str, str, str]:
    """Return the values of the columns of a text."""
    return text.ru, text.ky, text.en


def in_each(words: Words) -> Text:
    """Return words of the program in each language."""
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(words))
    return Text(*found)
