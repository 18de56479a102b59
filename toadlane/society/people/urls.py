from allauth.account import views as account
from allauth.mfa import urls as mfa
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from toadlane.society.people import views

app_name = "people"

# Pages of a co-op: the way to the server's door and back, and the trail.
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.to_the_door, name="sign_in"),
    path("sign-in/ticket/", views.arrive, name="arrive"),
    path("sign-out/", views.leave, name="sign_out"),
    path("me/", views.to_my_page, name="me"),
    path("trail/", views.trail, name="trail"),
    path("trail/staff/<int:pk>/end/", views.end_staff, name="end_staff"),
]

server: list[URLPattern] = [
    path("sign-in/", account.login, name="sign_in"),
    path("sign-up/", account.signup, name="sign_up"),
    path("sign-out/", account.logout, name="sign_out"),
    path("sign-in/to/", views.hand_over, name="hand_over"),
    path("me/", views.me, name="me"),
    path("me/preferences/", views.preferences, name="preferences"),
    path("me/security/", views.security, name="security"),
    path("me/sessions/", views.sessions, name="sessions"),
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("me/data/", views.my_data, name="my_data"),
    path("me/close/", views.close, name="close"),
    path("me/staff/", views.staff, name="staff"),
]

# The accounts library's own pages, at our addresses; it looks them up by these names.
doors: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-up/", account.signup, name="account_signup"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-in/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/forgotten/", account.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("sign-in/forgotten/new/", account.complete_password_reset, name="account_complete_password_reset"),
    path("sign-in/forgotten/done/", account.password_reset_from_key_done, name="account_password_reset_completed"),
    path("sign-up/email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("sign-up/phone/", account.verify_phone, name="account_verify_phone"),
    path("me/email/", account.email, name="account_email"),
    path("me/phone/", account.change_phone, name="account_change_phone"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/new/", account.password_set, name="account_set_password"),
    path("me/steps/", RedirectView.as_view(pattern_name="people:security"), name="mfa_index"),
    path("me/steps/", include(mfa.urlpatterns)),
]
