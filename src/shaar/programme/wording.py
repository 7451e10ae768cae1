"""Texts that stand in a row's columns `*_ru`, `*_ky` and `*_en`."""

from typing import Any

from shaar.kernel.texts import Text


def text_in_all(row: Any, field: str) -> Text:
    """Return a text of a row in every language for which the row has a column."""
    return Text(*(getattr(row, f"{field}_{language}", "") for language in ("ru", "ky", "en")))


def columns_of(field: str, text: Text | None, *, languages: str = "ru ky en") -> dict[str, str]:
    """Return the columns that hold a text."""
    return {f"{field}_{language}": getattr(text, language) if text else "" for language in languages.split()}
