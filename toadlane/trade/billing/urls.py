from django.urls import URLPattern, path

from toadlane.trade.billing import views

app_name = "billing"
urlpatterns: list[URLPattern] = [
    path("sellers/", views.sellers, name="sellers"),
    path("sellers.csv", views.sellers_csv, name="sellers_csv"),
    path("payouts/<uuid:pk>/", views.payout, name="payout"),
    path("mine/", views.mine, name="mine"),
    path("g/<str:token>/<int:pk>.pdf", views.guest, name="guest"),
]
server: list[URLPattern] = []
