"""The words of messages that leave the page: usual ones here, the city's own in a table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shaar.access.api import Actor, acting
from shaar.cases.models import Wording
from shaar.cases.notices.kinds import TEST, kind_of
from shaar.kernel.errors import Place, Refusal, refuse_all

PLACEHOLDERS = ("name", "text", "kind", "time", "url")
LANGUAGES = ("ru", "ky")
PLACE = re.compile(r"\{(\w+)\}")
LONGEST_TITLE, LONGEST_BODY = 200, 2000


@dataclass(frozen=True, slots=True)
class Words:
    """Title and body with placeholders in braces; `is_own` where the city changed them."""

    title: str
    body: str
    is_own: bool = False


def words_of(kind: str, language: str) -> Words:
    """Return the words of a kind in a language: the city's own, or the usual ones."""
    row = Wording.objects.filter(kind=kind, language=language[:2]).first()
    return Words(row.title, row.body, is_own=True) if row else default(language)


def default(language: str) -> Words:
    """Return the usual words of every kind in a language."""
    with override(language):
        return Words("{kind}", _("{text}\n\nOpen: {url}"))


def own_words() -> set[tuple[str, str]]:
    """Return the kinds and languages whose words the city changed."""
    return set(Wording.objects.values_list("kind", "language"))


def filled(words: Words, values: Mapping[str, str]) -> tuple[str, str]:
    """Return title and body with the placeholders filled; the title has no line breaks."""

    def fill(text: str) -> str:
        return PLACE.sub(lambda found: values.get(found[1], ""), text)

    return " ".join(fill(words.title).split())[:LONGEST_TITLE], fill(words.body)


def sample(kind: str, language: str) -> dict[str, str]:
    """Return what stands for the placeholders in a preview."""
    with override(language):
        return {
            "name": _("Name Example (sample)"),
            "text": _("what happened, with the title of the case"),
            "kind": str(kind_of(kind).name),
            "time": "01.02.2026 09:30",
            "url": f"{settings.SHAAR_PUBLIC_URL}/staff/",
        }


def change(kind: str, language: str, words: Words, *, actor: Actor) -> None:
    """Keep the city's own words.

    Refusals name the field: `empty`, `too_long`, `unknown_placeholder`, `no_text`.
    """
    kind_of(kind)
    check(words)
    with acting(actor):
        Wording.objects.update_or_create(
            kind=kind, language=language, defaults={"title": words.title, "body": words.body}
        )


def reset(kind: str, language: str, *, actor: Actor) -> None:
    """Return to the usual words."""
    with acting(actor):
        for row in Wording.objects.filter(kind=kind, language=language):
            row.delete()


def check(words: Words) -> None:
    """Raise Refusals for what is wrong with words."""
    problems = [*_faults("title", words.title, LONGEST_TITLE), *_faults("body", words.body, LONGEST_BODY)]
    if not problems and "{text}" not in words.title + words.body:
        message = _("Write {text} somewhere: without it nobody learns what happened.")
        problems.append(Refusal("no_text", message, place=Place(field="body")))
    refuse_all(problems)


def is_known(kind: str, language: str) -> bool:
    """Tell whether there are words of a kind in a language."""
    try:
        kind_of(kind)
    except Refusal:
        return False
    return language in LANGUAGES and kind != TEST


def _faults(field: str, text: str, longest: int) -> list[Refusal]:
    place = Place(field=field)
    if not text.strip():
        return [Refusal("empty", _("Write the words."), place=place)]
    if len(text) > longest:
        return [Refusal("too_long", _("%(count)d characters at most.") % {"count": longest}, place=place)]
    unknown = sorted({name for name in PLACE.findall(text) if name not in PLACEHOLDERS})
    left = PLACE.sub("", text)
    if unknown or "{" in left or "}" in left:
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        message = _("Only these placeholders can be used: %(names)s.") % {"names": names}
        return [Refusal("unknown_placeholder", message, place=place)]
    return []
