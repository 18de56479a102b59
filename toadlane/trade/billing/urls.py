from django.urls import URLPattern, path

from toadlane.trade.billing import views

app_name = "billing"
urlpatterns: list[URLPattern] = [
    path("sellers/", views.sellers, name="sellers"),
    path("sellers.csv", views.sellers_csv, name="sellers_csv"),
    path("sellers.xml", views.sellers_xml, name="sellers_xml"),
    path("sellers/<int:year>/", views.hand_in, name="hand_in"),
    path("sellers/<int:year>/<int:number>.xml", views.handed_in, name="handed_in"),
    path("payouts/<uuid:pk>/", views.payout, name="payout"),
    path("mine/", views.mine, name="mine"),
    path("mine.pdf", views.mine_pdf, name="mine_pdf"),
    path("g/<str:token>/<int:pk>.pdf", views.guest, name="guest"),
]
server: list[URLPattern] = []
