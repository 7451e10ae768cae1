"""Every string that a person sees has its Russian and its Kyrgyz."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.sources import PACKAGE

KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
LANGUAGES = ("ru", "ky")
Message = tuple[str | None, str]


def _messages(name: str, source: str) -> Iterator[Message]:
    if name.endswith(".html"):
        source = templatize(source)
    for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        texts = found if isinstance(found, tuple) else (found,)
        yield context, next(text for text in texts if text)


def _written(module: Path) -> set[Message]:
    files = [*module.rglob("*.py"), *module.rglob("templates/**/*.html"), *module.glob("*/components/*.html")]
    return {
        message
        for file in files
        if "migrations" not in file.parts
        for message in _messages(file.name, file.read_text(encoding="utf-8"))
    }


def _translated(language: str) -> set[Message]:
    found: set[Message] = set()
    for file in PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with file.open("rb") as stream:
            catalogue: Catalog = read_po(stream, locale=language)
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            if key and all(texts) and not message.fuzzy:
                found.add((message.context, key))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_left_untranslated(language: str) -> None:
    missing = _written(PACKAGE) - _translated(language)
    assert sorted(text for _context, text in missing) == []


def test_the_check_sees_strings_of_code_and_of_templates() -> None:
    assert list(_messages("a.py", 'x = gettext("Sign in")')) == [(None, "Sign in")]
    assert (None, "Sign out") in set(_messages("a.html", '{% load i18n %}{% translate "Sign out" %}'))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    for file in PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
        broken = [str(message.id) for message, problems in catalogue.check() if problems]
        assert broken == [], file


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_string_is_translated_the_same_everywhere(language: str) -> None:
    """Django keeps one translation of a string for all modules: which one would be chance."""
    found: dict[object, dict[object, str]] = {}
    for file in PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id:
                    known = found.setdefault((message.context, message.id), {})
                    known[message.string] = file.relative_to(PACKAGE).parts[0]
    assert {key: known for key, known in found.items() if len(known) > 1} == {}, "give one of them a context"
