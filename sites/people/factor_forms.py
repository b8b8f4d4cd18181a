"""allauth's forms of the second factor, with what a person typed or a browser sent judged without fault."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.cache import cache

# A code is good for its half minute, the one before and the one after.
CODE_LIVES_S = 120
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class _UsedOnce:
    """A code that was taken is refused for as long as it would still fit."""

    def clean_code(self) -> str:
        code = super().clean_code()
        if not cache.add(f"code-used-{self.user.pk}-{normalize_user_code(code)}", 1, timeout=CODE_LIVES_S):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInCode(_UsedOnce, AuthenticateForm):
    pass


class ConfirmCode(_UsedOnce, ReauthenticateForm):
    pass


class _AnyAnswer:
    """Whatever a browser answers instead of a passkey's answer is a wrong one."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInPasskey(_AnyAnswer, AuthenticateWebAuthnForm):
    pass


class ConfirmPasskey(_AnyAnswer, ReauthenticateWebAuthnForm):
    pass


class AddPasskey(AddWebAuthnForm):
    def clean(self) -> dict:
        try:
            return super().clean()
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error
