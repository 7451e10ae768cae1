"""A text in the city's languages."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["ru", "ky", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "ky", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Russian, Kyrgyz and English; Russian is always there, the others may be missing."""

    ru: str
    ky: str = ""
    en: str = ""

    def of(self, language: str) -> str:
        """Return the text in a language (`ky`, `ky-kg` …), in Russian where it is missing."""
        return self._in(language) or self.ru

    def has(self, language: str) -> bool:
        """Tell whether the text exists in the language itself."""
        return bool(self._in(language))

    def _in(self, language: str) -> str:
        match language[:2]:
            case "ky":
                return self.ky
            case "en":
                return self.en
            case _:
                return self.ru

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.of(get_language() or "ru")
