"""Forms of signing up and in, and of one's own preferences."""

import zoneinfo
from typing import Any

from allauth.account import forms as account
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.core import ratelimit
from allauth.mfa.base import forms as steps
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.people import policies, queries
from toadlane.society.people.models import Notice, Person
from toadlane.ui.context import TONGUES
from toadlane.ui.phones import PhoneField, e164


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your name"))
        kwargs.setdefault("help_text", _("As others here will read it."))
        super().__init__(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), **kwargs)

    def clean(self, value: Any) -> str:
        name = policies.readable_name(super().clean(value))
        if not name:
            raise ValidationError(_("Tell us what to call you."), code="required")
        return name


class ReachField(forms.CharField):
    """An e-mail address or a phone number: either is enough."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address or phone number"))
        about = {"autocomplete": "username", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(max_length=254, widget=forms.TextInput(attrs=about), **kwargs)


def email_or_phone(value: str) -> tuple[str, str]:
    """Return (address, "") or ("", number).

    :raises ValidationError: when it is neither
    """
    if "@" in value:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError(
                _("This is not a whole e-mail address. It looks like ana@example.org."), code="email"
            ) from error
        return value.lower(), ""
    try:
        return "", e164(value)
    except ValidationError as error:
        message = _("Type an e-mail address, or a phone number with its country code, like +353 86 123 4567.")
        raise ValidationError(message, code="reach") from error


PASSWORD_HINT = _("At least ten characters. A short sentence is good, and easy to keep in mind.")


def _tidy(form: forms.Form) -> None:
    """Labels say what to type; grey words inside a field vanish when they are needed."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignIn(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = ReachField()
        self.fields["password"].label, self.fields["password"].help_text = _("Password"), ""
        self.order_fields(["login", "password"])
        _tidy(self)

    def clean_login(self) -> str:
        email, phone = email_or_phone(self.cleaned_data["login"].strip())
        return email or phone


class SignUp(account.SignupForm):
    field_order = ("name", "reach", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"], self.fields["phone"]
        self.fields["name"] = NameField()
        self.fields["reach"] = ReachField(
            help_text=_("We send a code there. A phone number is enough; nobody needs a mailbox here.")
        )
        self.fields["password1"].label, self.fields["password1"].help_text = _("Password"), PASSWORD_HINT
        self.order_fields(self.field_order)
        _tidy(self)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["email"] = self.cleaned_data["phone"] = ""
        if reach := self.cleaned_data.get("reach", "").strip():
            try:
                email, phone = email_or_phone(reach)
            except ValidationError as error:
                self.add_error("reach", error)
            else:
                self.cleaned_data["email"], self.cleaned_data["phone"] = email, phone
                if email:
                    self.validate_unique_email(email)
        return super().clean()


class ResetByPhone(PasswordResetVerificationProcess):
    def send(self) -> None:
        # Nothing goes to an unknown number: each message costs, and strangers would pay us visits.
        if self.user:
            adapter = account.get_adapter()
            self.state["code"] = adapter.generate_password_reset_code()
            adapter.send_verification_code_sms(user=self.user, phone=self.state["email"], code=self.code)


class ResetPassword(account.ResetPasswordForm):
    email = ReachField(help_text=_("The one you sign in with. We send a code there."))

    def clean_email(self) -> str:
        self.address, self.phone = email_or_phone(self.cleaned_data["email"].strip())
        if self.phone:
            person = queries.by_phone(self.phone)
            self.users = [person] if person and person.is_active else []
            return self.phone
        self.cleaned_data["email"] = self.address
        return str(super().clean_email())

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.phone:
            return str(super().save(request, **kwargs))
        process = ResetByPhone(
            request, ResetByPhone.initial_state(next(iter(self.users), None), self.phone), next(iter(self.users), None)
        )
        process.send()
        process.persist()
        return self.phone


class NewPassword(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _two_passwords(self)


class SetPassword(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _two_passwords(self)


class ChangePassword(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label, self.fields["oldpassword"].help_text = _("Present password"), ""
        _two_passwords(self)


def _two_passwords(form: forms.Form) -> None:
    form.fields["password1"].label, form.fields["password1"].help_text = _("New password"), PASSWORD_HINT
    form.fields["password2"].label, form.fields["password2"].help_text = _("The new password once more"), ""
    _tidy(form)


class ChangeEmail(account.ChangeEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        _tidy(self)


class AddEmail(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].help_text = _("We send a code there first. Until you have typed it, nothing changes.")
        _tidy(self)


class ChangePhone(account.ChangePhoneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(label=_("New phone number"))


class Again(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label, self.fields["password"].help_text = _("Your password"), ""
        _tidy(self)


class _CodeFromTheApp:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label, field.help_text = _("Code from your app"), _("Six figures. A recovery code works as well.")
        field.widget.attrs = {"autocomplete": "one-time-code", "dir": "ltr"}


class SecondStep(_CodeFromTheApp, steps.AuthenticateForm):
    pass


class SecondStepAgain(_CodeFromTheApp, steps.ReauthenticateForm):
    pass


class ActivateApp(_CodeFromTheApp, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six figures the app shows now.")


# What reading a key may end in: its library checks the shape of nothing that is sent.
NO_KEY = (ValidationError, ValueError, TypeError, KeyError, AttributeError, InvalidSignature)


class AddKey(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What to call this key")
        self.fields["name"].help_text = _("Like: my phone, the blue key.")
        self.fields["passwordless"].label = _("Let me sign in with this key alone")
        self.fields["passwordless"].help_text = _("The device then asks for your finger, your face or its own code.")

    def clean(self) -> Any:
        try:
            return super().clean()
        except NO_KEY as error:
            raise ValidationError(_("The device did not finish. Press the button again.")) from error


class _KeyShown:
    """What a browser hands in for a key: anybody may send anything, and whatever is not a key of the account says so in words."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NO_KEY as error:
            raise ValidationError(_("This passkey does not open an account here. Use another one, or your password.")) from error


class KeyAlone(_KeyShown, webauthn.LoginWebAuthnForm):
    pass


class KeyAsSecondStep(_KeyShown, webauthn.AuthenticateWebAuthnForm):
    pass


class KeyAgain(_KeyShown, webauthn.ReauthenticateWebAuthnForm):
    pass


class RenameKey(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What to call this key")


class Preferences(forms.Form):
    name = NameField()
    language = forms.ChoiceField(label=_("Language"), choices=[(code, name) for code, name, _way in TONGUES])
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(
            zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
        )
        here = [("", _("That of each co-op"))]
        self.fields["time_zone"].choices = here + [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]
        self.fields["time_zone"].help_text = _("For pages of this server. A co-op's own pages tell its local time.")
        channels = [("email", _("By e-mail"))] if person.email else []
        channels += [("sms", _("By text message"))] if person.phone else []
        for notice in Notice:
            self.fields[f"notice_{notice.value}"] = forms.ChoiceField(
                label=notice.label,
                choices=[*channels, ("none", _("Not at all"))],
                initial=person.channel_for(notice),
                required=False,
            )

    def notices(self) -> dict[str, str]:
        chosen = {notice.value: self.cleaned_data.get(f"notice_{notice.value}") for notice in Notice}
        return {notice: channel for notice, channel in chosen.items() if channel}

    @property
    def notice_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("notice_")]


SCOPES = [
    ("read", _("Read what I may read")),
    ("write", _("Read, and do what I may do, except move money")),
    ("money", _("Everything I may do, moving money too")),
]


class MakeToken(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("Like: bookkeeping, the till."))
    scope = forms.ChoiceField(label=_("What may it do?"), widget=forms.RadioSelect, initial="read", choices=SCOPES)
    days = forms.ChoiceField(
        label=_("How long?"), initial="90",
        choices=[("7", _("A week")), ("90", _("90 days")), ("365", _("A year")), ("", _("Until I take it back"))], required=False,
    )  # fmt: skip
    coop = forms.ChoiceField(label=_("Where?"), required=False)

    def __init__(self, *args: Any, coops: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coop"].choices = [("", _("All my co-ops")), *coops]  # type: ignore[attr-defined]


class TooManyGuesses(Expected):
    words = _("Too many tries. Wait five minutes, then try again.")
    status = 429
    field = "password"


def count_guess(request: CoopRequest) -> None:
    """Count a guess at a password by whoever is in already: with a session left open, or a token that was found.

    It counts together with those at the page that asks for the password once more.

    :raises TooManyGuesses: after ten in a minute
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise TooManyGuesses


class CloseAccount(forms.Form):
    password = forms.CharField(label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        if not self.person.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("That is not your password."))
        return str(self.cleaned_data["password"])


class OpenStaffSession(forms.Form):
    coop = forms.CharField(label=_("Which co-op?"), help_text=_("Its short name, as in its address."))
    reason = forms.CharField(
        label=_("Why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Its members read this.")
    )
    hours = forms.TypedChoiceField(
        label=_("How long?"), coerce=int, choices=[(1, _("One hour")), (4, _("Four hours")), (8, _("Eight hours"))]
    )

    def clean_coop(self) -> str:
        found = queries.home_named(self.cleaned_data["coop"].strip())
        if found is None:
            raise ValidationError(_("There is no co-op of that name."))
        self.home = found
        return found.name
