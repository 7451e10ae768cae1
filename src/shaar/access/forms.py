"""The forms by which people sign in and look after their own account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.access import factors
from shaar.access.models import Theme, User
from shaar.access.profile import telephone
from shaar.city import api as city
from shaar.kernel.clock import now
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text


def refused(form: forms.BaseForm, field: str, refusal: Refusal) -> None:
    """Put what a service refused beside the control that it is about."""
    for problem in refusal.problems:
        form.add_error(field, str(problem.message))


class PlainForm(forms.Form):
    """A form without colons after its labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class DayField(forms.DateField):
    """A day, picked or typed as the page's language writes it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


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


def _code_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"})


class CodeForm(PlainForm):
    """The code of an app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=_code_input(),
        help_text=_("Six digits of the app, or one of your recovery codes."),
        error_messages={"required": _("Enter the code.")},
    )


class AppForm(PlainForm):
    """The first code of an app that is being added."""

    code = forms.RegexField(
        r"^\s*(\d\s*){6}$",
        label=_("Code that the app shows now"),
        widget=_code_input(),
        error_messages={"required": _("Enter the code."), "invalid": _("The code has six digits.")},
    )

    def clean_code(self) -> str:
        """Return the digits without the spaces between them."""
        return "".join(self.cleaned_data["code"].split())


class PasskeyForm(PlainForm):
    """What the browser answers about a passkey, and the name under which a new one is kept."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        help_text=_("So that you know it again: a telephone, a key on the key ring."),
        error_messages={"required": _("Give the passkey a name, such as the device's.")},
    )
    credential = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": _("The browser gave no passkey. Press the button again.")},
    )

    def __init__(self, *args: Any, is_named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_named:
            del self.fields["name"]


class ConfirmForm(PlainForm):
    """The password, or for who has none a code, to show again who sits there."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=_code_input(),
        error_messages={"required": _("Enter the code.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        del self.fields["code" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        """Check the password; wrong ones count as wrong sign-ins do."""
        given = self.cleaned_data["password"]
        if authenticate(self.request, username=self.user.username, password=given) != self.user:
            raise ValidationError(_("This is not your password."))
        return ""

    def clean_code(self) -> str:
        """Check the code of a person who has no password."""
        try:
            return factors.check_code(self.user.pk, self.cleaned_data["code"], at=now())
        except Refusal as refusal:
            raise ValidationError(str(refusal.message)) from refusal


class ProfileForm(PlainForm):
    """What people choose for themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("A person needs a name.")}
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices)
    email = forms.EmailField(
        label=_("E-mail for notices"),
        required=False,
        help_text=_("A new address is used once you open the link that we send there."),
        error_messages={"invalid": _("Write an address such as name@city.example.")},
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30, validators=[telephone])


class DeputyForm(PlainForm):
    """Who stands in on which days, with which roles, and why."""

    deputy = forms.ChoiceField(label=_("Deputy"), error_messages={"required": _("Choose the deputy.")})
    first = DayField(label=_("First day"), error_messages={"required": _("Enter the day.")})
    last = DayField(label=_("Last day"), error_messages={"required": _("Enter the day.")})
    roles = forms.MultipleChoiceField(
        label=_("Roles handed over"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Write the reason, such as a leave.")},
    )

    def __init__(
        self, *args: Any, roles: Sequence[tuple[str, str, str, str]], absent: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(pk=absent).values_list("pk", "display_name")
        named = sorted(people, key=lambda one: (city.sort_key(one[1]), one[0]))
        set_choices(self.fields["deputy"], [("", _("Choose")), *((str(pk), name) for pk, name in named)])
        set_choices(self.fields["roles"], [(code, str(Text(*names))) for code, *names in roles])

    def clean_deputy(self) -> int:
        """Return the number of the chosen person."""
        return int(self.cleaned_data["deputy"])


class AuditForm(PlainForm):
    """What to look for in the audit; nothing given means everything, the newest first."""

    q = forms.CharField(
        label=_("Who, address or row"),
        required=False,
        max_length=120,
        help_text=_("For example: a person's name, pack:bishkek, /staff/ or a row's number."),
    )
    model = forms.ChoiceField(label=_("Kind of record"), required=False)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, models: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["model"], [("", _("All")), *((name, name) for name in models)])


def set_choices(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    """Let a field offer choices that are known only when the page is asked for."""
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared so above
    field.choices = choices
