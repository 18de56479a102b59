from django.urls import path

from toadlane.money.payments.views import companies, credit, paying, treasury

app_name = "payments"
# Pages of a co-op, and pages of the server.
urlpatterns = [
    path("", treasury.treasury, name="treasury"),
    path("earned/", treasury.earned, name="earned"),
    path("receipts/<uuid:pk>/", treasury.receipt, name="receipt"),
    path("refunds/<uuid:pk>/", treasury.refund, name="refund"),
    path("payouts/<uuid:pk>/", treasury.payout, name="payout"),
    path("reconcile/", treasury.reconcile, name="reconcile"),
    path("credit/", credit.mine, name="credit"),
    path("credit/pay-off/", credit.pay_off, name="pay_off_credit"),
    path("credit/leave/", credit.leave, name="leave_credit"),
    path("credit/all/", credit.circle, name="circle"),
    path("credit/closings/<int:pk>/", credit.closing, name="credit_closing"),
    path("companies/", companies.companies, name="companies"),
    path("companies/compare/", companies.compare, name="compare"),
    path("companies/<uuid:pk>/", companies.carried, name="carried"),
    path("earned/onboard/", companies.onboard, name="onboard"),
    path("earned/onboarded/<int:membership>/", companies.onboarded, name="onboarded"),
]
server = [
    path("<str:token>/", paying.pay, name="pay"),
    path("<str:token>/back/", paying.back, name="back"),
    path("<str:token>/confirm/", paying.confirm, name="confirm"),
]
