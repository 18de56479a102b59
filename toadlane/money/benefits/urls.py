from django.urls import URLPattern, path

from toadlane.money.benefits.views import officers, pledges, wallets

app_name = "benefits"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", wallets.mine, name="mine"),
    path("open/", wallets.open_own, name="open"),
    path("plans/", wallets.plans, name="plans"),
    path("plans/<int:pk>/<slug:deed>/", wallets.plan, name="plan"),
    path("invite/", wallets.invite, name="invite"),
    path("claim/<str:token>/", wallets.claim, name="claim"),
    path("give/<str:code>/", wallets.give, name="give"),
    path("wallets/<int:pk>/", wallets.wallet, name="wallet"),
    path("wallets/<int:pk>/clients/", wallets.invite_client, name="clients"),
    path("wallets/<int:pk>/bring/", wallets.bring, name="bring"),
    path("requests/<int:pk>/withdraw/", wallets.withdraw, name="withdraw"),
    path("helping/", officers.helping, name="helping"),
    path("help/", officers.ask_help, name="help"),
    path("codes/", officers.codes, name="codes"),
    path("batches/", officers.batches, name="batches"),
    path("batches/prepare/", officers.prepare, name="prepare"),
    path("batches/<int:number>/<slug:deed>/", officers.batch, name="batch"),
    path("batches/<int:number>/file.xml", officers.file, name="file"),
    path("back/<int:pk>/ask/", officers.ask_back, name="ask_back"),
    path("back/<int:pk>/<slug:deed>/", officers.give_back, name="give_back"),
    path("requests/<slug:kind>/<int:pk>/decline/", officers.decline, name="decline"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/new/", pledges.pledge, name="pledge"),
    path("pledges/<int:pk>/<slug:deed>/", pledges.act, name="act"),
]
server: list[URLPattern] = [path("", wallets.everywhere, name="everywhere")]
