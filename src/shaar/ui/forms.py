"""Fields and widgets that Django does not have: dates, periods, people, telephones, pickers, counted texts.

Each keeps what was typed when it is refused, works without a script and is drawn by `{% field form.name %}`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.kernel.periods import ROMAN, Period

Option = tuple[str, str]
PHONE = re.compile(r"(?:\+?996|0)?([2-9]\d{8})")
SHOWN_CANDIDATES = 5


def _short(size: int, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": f"govuk-input govuk-input--width-{size}", **more})


class Counted(forms.Textarea):
    """A text of several lines that says how many characters are left."""

    def __init__(self, *, most: int) -> None:
        super().__init__(attrs={"rows": 5, "data-most": most})
        self.most = most


class Password(forms.PasswordInput):
    """A password that can be shown while it is typed."""


class Upload(forms.FileInput):
    """A file, with its name, size, picture and the progress of sending where there is a script."""


class NumberField(forms.DecimalField):
    """A number as people write it: 1 234,5 is 1234.5."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", _short(10, inputmode="decimal"))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number, None for an empty control."""
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
        return super().to_python(value)


class PhoneField(forms.CharField):
    """A telephone of Kyrgyzstan, kept as +996 and nine digits."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"}
        )
        options.setdefault("widget", widget)
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Return the number in one form; raise ValidationError when it is none."""
        written = str(super().clean(value))
        match = PHONE.fullmatch(re.sub(r"[\s()\-–]", "", written))
        if written and not match:
            raise ValidationError(_("Write the telephone like this: 0555 123 456."), code="phone")
        return f"+996{match[1]}" if match else ""


# Several controls that make one value -----------------------------------------------------------------------
class Parts(forms.MultiWidget):
    """Several controls side by side, each with a small label of its own."""

    template_name = "ui/widgets/parts.html"
    labels: Sequence[Any] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            part["label"] = label
        return context

    def decompress(self, value: Any) -> list[str]:
        """Return what stands in each control for a value; for a value of another kind, empty controls."""
        return self.split(value) if value else [""] * len(self.widgets)

    def split(self, value: Any) -> list[str]:
        """Return what stands in each control for a value."""
        raise NotImplementedError

    def id_for_label(self, id_: str, index: str = "0") -> str:  # noqa: ARG002 - Django's signature
        """Return the first control, to which the summary of errors leads."""
        return f"{id_}_0" if id_ else id_


class DateParts(Parts):
    """Day, month and year; also reads one ISO date of a query string."""

    labels = (_("Day"), _("Month"), _("Year"))

    def __init__(self) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__([_short(2, **digits), _short(2, **digits), _short(4, **digits)])

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", data.get(name, "")):
            return [match[3], match[2], match[1]]
        return list(super().value_from_datadict(data, files, name))

    def split(self, value: date) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)]


class DateField(forms.Field):
    """A day, typed as three numbers: quicker and kinder to old telephones than a calendar."""

    widget = DateParts

    def to_python(self, value: Sequence[str] | None) -> date | None:
        """Return the day, None for empty controls; raise ValidationError for a day that does not exist."""
        written = [(part or "").strip() for part in value or ()]
        if not any(written):
            return None
        if not all(written):
            raise ValidationError(_("Write the day, the month and the year."), code="incomplete")
        if len(written[2]) != len("2022"):
            raise ValidationError(_("Write the year with four digits."), code="year")
        try:
            return date(*(int(part) for part in reversed(written)))
        except ValueError as error:
            raise ValidationError(_("There is no such day in the calendar."), code="no_day") from error


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from one to another, both included."""

    start: date
    end: date


class RangeParts(Parts):
    """Two days, each of three numbers."""

    template_name = "ui/widgets/range.html"
    labels = (_("From"), _("To"))

    def __init__(self) -> None:
        super().__init__([DateParts(), DateParts()])

    def split(self, value: DateRange) -> list[Any]:
        return [value.start, value.end]

    def decompress(self, value: Any) -> list[Any]:
        return self.split(value) if value else [None, None]

    def id_for_label(self, id_: str, index: str = "0") -> str:  # noqa: ARG002 - Django's signature
        return f"{id_}_0_0" if id_ else id_


class DateRangeField(forms.Field):
    """Days from one to another."""

    widget = RangeParts

    def to_python(self, value: Sequence[Sequence[str]] | None) -> DateRange | None:
        """Return the range; raise ValidationError when a day is none or the end comes before the start."""
        start, end = (DateField(required=False).to_python(part) for part in value or ((), ()))
        if start is None and end is None:
            return None
        if start is None or end is None:
            raise ValidationError(_("Write both days, the first and the last."), code="incomplete")
        if end < start:
            raise ValidationError(_("The last day comes before the first."), code="order")
        return DateRange(start, end)


class PeriodParts(Parts):
    """A part of a year and the year."""

    labels = (_("Part of the year"), _("Year"))

    def __init__(self) -> None:
        part = forms.Select(attrs={"class": "govuk-select"}, choices=_parts_of_a_year)  # type: ignore[arg-type]
        super().__init__([part, _short(4, inputmode="numeric")])

    def split(self, value: Period) -> list[str]:
        code = str(value)
        return [code[5:], code[:4]]


class PeriodField(forms.Field):
    """A calendar period of kernel.periods: a year, a half, a quarter or a month."""

    widget = PeriodParts

    def to_python(self, value: Sequence[str] | None) -> Period | None:
        """Return the period; raise ValidationError when the year is none."""
        part, year = ((one or "").strip() for one in value or ("", ""))
        if not year and not part:
            return None
        if not re.fullmatch(r"(19|20)\d\d", year):
            raise ValidationError(_("Write the year with four digits."), code="year")
        if part and part not in dict(_parts_of_a_year()):
            raise ValidationError(_("Choose a part of the year from the list."), code="part")
        return Period.parse(f"{year}-{part}" if part else year)


def _parts_of_a_year() -> list[tuple[str, Any]]:
    months = get_month_names("wide", context="stand-alone", locale=(get_language() or "ru")[:2])
    return [
        ("", _("the whole year")),
        *((f"H{number}", _("half %(number)s") % {"number": ROMAN[number - 1]}) for number in (1, 2)),
        *((f"Q{number}", _("quarter %(number)s") % {"number": ROMAN[number - 1]}) for number in range(1, 5)),
        *((f"{number:02}", name) for number, name in sorted(months.items())),
    ]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name by its parts; the patronymic may be empty."""

    last: str
    first: str
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)


class PersonParts(Parts):
    """Surname, name and patronymic."""

    labels = (_("Surname"), _("Given name"), _("Patronymic, if there is one"))

    def __init__(self) -> None:
        names = ("family-name", "given-name", "additional-name")
        super().__init__([_short(20, autocomplete=name) for name in names])

    def split(self, value: PersonName) -> list[str]:
        return [value.last, value.first, value.patronymic]


class PersonField(forms.Field):
    """A person's name, as in the passport."""

    widget = PersonParts

    def to_python(self, value: Sequence[str] | None) -> PersonName | None:
        """Return the name; raise ValidationError when a part is missing or holds digits."""
        parts = [" ".join((part or "").split()) for part in value or ()]
        if not any(parts):
            return None
        if not parts[0] or not parts[1]:
            raise ValidationError(_("Write the surname and the given name."), code="incomplete")
        if any(character.isdigit() for part in parts for character in part):
            raise ValidationError(_("A name has no digits."), code="digits")
        return PersonName(*parts)


# Choosing one of many ---------------------------------------------------------------------------------------
class Pick(forms.Select):
    """A list of up to some hundreds, such as units; a script turns it into a control to type in."""


class PickField(forms.ChoiceField):
    """One of a list, found by typing a part of its name."""

    widget = Pick


class Lookup(forms.TextInput):
    """A name typed in full, or chosen from what the server finds for a part of it; for thousands."""

    def __init__(self, *, url: str) -> None:
        super().__init__(attrs={"data-lookup": url, "autocomplete": "off"})


class LookupField(forms.Field):
    """One of thousands: `find` returns (value, label) pairs for typed words; exactly one must fit."""

    def __init__(self, *, find: Callable[[str], Iterable[Option]], url: str, **options: Any) -> None:
        super().__init__(widget=Lookup(url=url), **options)
        self.find = find

    def to_python(self, value: str | None) -> str:
        """Return the value whose label was typed; raise ValidationError that names what comes near."""
        typed = " ".join((value or "").split())
        if not typed:
            return ""
        near = list(self.find(typed))
        exact = [one for one, label in near if typed.casefold() in {label.casefold(), one.casefold()}]
        if len(exact) == 1:
            return exact[0]
        names = "; ".join(label for _value, label in near[:SHOWN_CANDIDATES])
        if not names:
            raise ValidationError(_("Nothing of this name is known."), code="unknown")
        raise ValidationError(
            _("Write the name in full: %(names)s."), code="unclear", params={"names": names}
        )


def fold(text: str) -> str:
    """Return a text as pickers compare it: small letters, ё ң ө ү as е н о у for keyboards without them."""
    return text.casefold().translate(FOLDED)


FOLDED: Mapping[int, int] = str.maketrans("ёңөү", "еноу")
