"""The form by which a text is given for proofreading."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.programme.api import ProgrammeView


class TextForm(forms.Form):
    """A text, and the programme and year that its figures are of."""

    file = forms.FileField(
        label=_("Text: DOCX, PDF, HTML or TXT"),
        help_text=_("In Russian or Kyrgyz, up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.html,.htm,.txt"}),
        error_messages={"required": _("Choose the file of the text."), "empty": _("The file is empty.")},
        max_length=255,
    )
    programme = forms.ChoiceField(
        label=_("Compare with a programme"),
        help_text=_("Figures of the text are shown beside the values in the ledger."),
        required=False,
    )
    year = forms.IntegerField(
        label=_("Year of the report"),
        help_text=_("For figures whose sentence names no period. Left empty, these are not compared."),
        required=False,
        min_value=1990,
        max_value=2100,
    )

    def __init__(self, *args: Any, programmes: list[ProgrammeView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "ru")[:2]
        field = self.fields["programme"]
        if isinstance(field, forms.ChoiceField):
            named = [(one.code, one.name.of(language)) for one in programmes]
            field.choices = [("", _("Do not compare")), *named]
