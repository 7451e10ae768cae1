"""The forms by which staff write news."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shaar.access.api import Actor
from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.portal.models import Article, ArticleKind
from shaar.portal.news import queries
from shaar.portal.news.services import Written
from shaar.ui.forms import DateField, PickField, Upload

KINDS = {
    ArticleKind.NEWS: pgettext_lazy("kind of article", "News"),
    ArticleKind.NOTICE: pgettext_lazy("kind of article", "Notice"),
}
LONGEST = 20_000


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": "govuk-input--width-20"}, format="%Y-%m-%dT%H:%M"
    )


def _text() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 10})


class ArticleForm(forms.Form):
    """What an article says, where it holds, and from when until when an urgent one stands over the pages."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    kind = forms.ChoiceField(
        label=pgettext_lazy("of an article", "Kind"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        initial=ArticleKind.NEWS,
    )
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=200)
    title_ky = forms.CharField(label=_("Title in Kyrgyz"), max_length=200)
    title_en = forms.CharField(label=_("Title in English, if there is one"), max_length=200, required=False)
    body_ru = forms.CharField(
        label=_("Text in Russian"),
        max_length=LONGEST,
        widget=_text(),
        help_text=_(
            "An empty line begins a new paragraph. ## makes a heading, - a list, **bold**,"
            " [words](address) a link."
        ),
    )
    body_ky = forms.CharField(label=_("Text in Kyrgyz"), max_length=LONGEST, widget=_text())
    body_en = forms.CharField(
        label=_("Text in English, if there is one"), max_length=LONGEST, widget=_text(), required=False
    )
    day = DateField(label=_("Day of the article"), help_text=_("For example: 27 3 2022"))
    unit = PickField(label=_("Unit that tells it"))
    districts = forms.MultipleChoiceField(
        label=_("Districts"),
        help_text=_("None chosen: the whole city."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_urgent = forms.BooleanField(
        label=_("Urgent: stands over every public page while it lasts"), required=False
    )
    starts_at = forms.DateTimeField(label=_("Begins"), required=False, widget=_moment())
    ends_at = forms.DateTimeField(label=_("Ends"), required=False, widget=_moment())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        units = [(one.code, str(one.name)) for one in queries.units_of(actor, on=clock.today())]
        self.fields["unit"].choices = [("", "—"), *units]  # type: ignore[attr-defined]
        districts = [(one.code, str(one.name)) for one in queries.districts()]
        self.fields["districts"].choices = districts  # type: ignore[attr-defined]

    @property
    def written(self) -> Written:
        """Return what the valid form says."""
        given = self.cleaned_data
        return Written(
            kind=given["kind"],
            title=_texts(given, "title"),
            body=_texts(given, "body"),
            day=given["day"],
            unit=given["unit"],
            districts=tuple(given["districts"]),
            is_urgent=given["is_urgent"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
        )


class FileForm(forms.Form):
    """A file or a picture of an article, and what it is."""

    file = forms.FileField(
        label=_("File or picture"), help_text=_("PNG, JPEG, PDF, DOCX or XLSX, up to 20 MB."), widget=Upload
    )
    name_ru = forms.CharField(
        label=_("What it is, in Russian"),
        max_length=200,
        help_text=_("Of a picture: what is seen on it, for those who do not see it."),
    )
    name_ky = forms.CharField(label=_("What it is, in Kyrgyz"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @property
    def name(self) -> Text:
        """Return what the file is."""
        return Text(self.cleaned_data["name_ru"], self.cleaned_data["name_ky"])


class WithdrawForm(forms.Form):
    """Why an article is taken back."""

    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


def initial_of(row: Article) -> dict[str, Any]:
    """Return what stands in the form of a kept article."""
    zone = clock.city_time_zone()
    names = [f"{part}_{code}" for part in ("title", "body") for code in ("ru", "ky", "en")]
    known = {name: getattr(row, name) for name in (*names, "kind", "day", "is_urgent", "revision")}
    moments = {
        name: moment.astimezone(zone) if (moment := getattr(row, name)) else None
        for name in ("starts_at", "ends_at")
    }
    return {**known, **moments, "unit": row.unit.code, "districts": row.districts}


def _texts(given: dict[str, Any], name: str) -> Text:
    return Text(given[f"{name}_ru"], given[f"{name}_ky"], given[f"{name}_en"])
