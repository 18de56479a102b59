"""What the accounts library asks of us: where a phone number is kept, how a code is sent, who may go where next."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from toadlane.plumbing.access.principals import Principal
from toadlane.plumbing.clock import queries as clock
from toadlane.plumbing.sending import services as sending
from toadlane.society.people import queries, services
from toadlane.society.people.models import Person
from toadlane.ui.phones import PhoneField

# What the library wants to put into a letter, and may: plain facts, nothing of the request.
IN_LETTERS = (
    "code",
    "signup_url",
    "password_reset_url",
    "ip",
    "user_agent",
    "timestamp",
    "from_email",
    "to_email",
    "deleted_email",
)


# Letters about an address that comes or goes.
MOVING = ("email_changed", "email_confirmation", "email_deleted")


class EmailStage(EmailVerificationStage):
    """Ask for the code from the mailbox; not of somebody who has a phone number and no mailbox."""

    def handle(self) -> Any:
        user = self.login.user
        if user is not None and not user.email and user.phone_verified_at:
            return None, True
        return super().handle()


class Accounts(DefaultAccountAdapter):
    """Accounts by e-mail or by phone number, letters through `sending`, sentences of our own."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("That is your address already."),
        "email_password_mismatch": _("The address and the password do not go together. Try again, or set a new password."),
        "phone_password_mismatch": _("The number and the password do not go together. Try again, or set a new password."),
        "username_password_mismatch": _(
            "Type an e-mail address, or a phone number with its country code, like +353 86 123 4567."
        ),
        "email_taken": _("Somebody else uses this address here."),
        "phone_taken": _("Somebody else uses this number here."),
        "enter_current_password": _("That is not your present password."),
        "incorrect_code": _("That is not the code. Look at the newest message; older codes no longer count."),
        "incorrect_password": _("That is not your password."),
        "invalid_login": _("Type an e-mail address, or a phone number with its country code, like +353 86 123 4567."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Wait a little: a new code can be sent once every few seconds."),
        "same_as_current": _("That is the one you have now."),
        "select_only_one": _("Type one of the two."),
    }

    # -------------------------------------------------------------------------------------------------- letters
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = queries.by_email(email) or self._whose_address_moves(template_prefix)
        facts = {key: context[key] for key in IN_LETTERS if key in context}
        if "timestamp" in facts:
            facts["timestamp"] = timezone.make_naive(facts["timestamp"], UTC)
        self._write(sending.Recipient(email=email, name=person.name if person else ""), template_prefix, facts, person)

    def _whose_address_moves(self, letter: str) -> Person | None:
        """The new address is nobody's yet, and the old one nobody's any more: both letters go to whoever is signed in."""
        user = context.request.user
        return user if letter.rsplit("/", 1)[-1] in MOVING and user.is_authenticated else None

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self._write(sending.Recipient(phone=phone, name=user.name), "sms_code", {"code": code}, user)

    def send_account_already_exists_sms(self, phone: str) -> None:
        person = queries.by_phone(phone)
        reset = settings.TOADLANE_ORIGIN + reverse("account_reset_password")
        self._write(sending.Recipient(phone=phone), "sms_account_exists", {"password_reset_url": reset}, person)

    def _write(self, to: sending.Recipient, letter: str, facts: dict[str, Any], person: Person | None) -> None:
        language = person.language if person else translation.get_language() or "en"
        name = letter.rsplit("/", 1)[-1]
        sending.send(to=to, template=f"people/{name}", context=facts, language=language, by=self._by, at=self._now)

    @property
    def _by(self) -> Principal:
        return context.request.by

    @property
    def _now(self) -> datetime:
        return clock.machine_time()

    # --------------------------------------------------------------------------------------------------- phones
    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return queries.by_phone(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        services.set_phone(person=user, phone=phone, verified=verified, by=self._by, at=self._now)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        services.set_phone(person=user, phone=phone, verified=True, by=self._by, at=self._now)

    # -------------------------------------------------------------------------------------------------- signing
    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        user.language = translation.get_language() or "en"
        user.joined_at = self._now
        user.email = form.cleaned_data.get("email") or None
        user.phone = form.cleaned_data.get("phone") or None
        user.set_password(form.cleaned_data["password1"])
        if commit:
            user.save()
        return user

    def get_login_stages(self) -> list[str]:
        ours = {EmailVerificationStage.__module__ + ".EmailVerificationStage": f"{__name__}.EmailStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_login_by_code_required(self, login: Any) -> bool:
        """A number changes hands more easily than a mailbox: with a phone number alone, a code comes after the password."""
        person = login.user
        if login.signup or person is None or person.email or not person.phone_verified_at or is_mfa_enabled(person):
            return False
        from allauth.account.internal.flows.login import get_authentication_records

        records = get_authentication_records(self.request, person)
        return bool(records) and records[-1]["method"] == "password"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Numbers as well, or all phones would share one count, and one stranger could lock them all out.
        return f"{settings.TOADLANE_HOST}:{(credentials.get('email') or credentials.get('phone') or '').lower()}"

    # ------------------------------------------------------------------------------------------- where to go next
    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:me")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("people:security")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:security")


class SecondSteps(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted: a copy of the database alone is no key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not the code. Wait for the next one in the app, or use a recovery code."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        return str(_("Passkey"))


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second steps:" + settings.SECRET_KEY.encode()).digest()))
