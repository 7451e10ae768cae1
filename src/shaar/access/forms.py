"""The forms by which people sign in and look into the audit."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name and password; the answer to a wrong one does not tell which of both was wrong."""

    error_messages = {
        "invalid_login": _("This user name and password do not belong together. Both tell capitals apart."),
        "inactive": _("This person may no longer sign in."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["username"].error_messages["required"] = _("Enter your user name.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")

    def get_invalid_login_error(self) -> ValidationError:
        """Return the answer to a wrong name or password, to stand beside the password."""
        return ValidationError({"password": self.error_messages["invalid_login"]})


class PasswordForm(PasswordChangeForm):
    """The present password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["old_password"].label = _("Current password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = ""
        self.fields["new_password2"].label = _("New password again")


class AuditForm(forms.Form):
    """What to look for in the audit; nothing given means everything, the newest first."""

    q = forms.CharField(
        label=_("Actor, address or row"),
        required=False,
        max_length=120,
        help_text=_("For example: user:12, pack:bishkek, /staff/ or a row's number."),
    )
    model = forms.ChoiceField(label=_("Kind of record"), required=False)
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, models: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["model"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *((name, name) for name in models)]
