from django.urls import URLPattern, path

from toadlane.money.invoicing import views

app_name = "invoicing"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("mine/", views.mine, name="mine"),
    path("particulars/", views.particulars, name="particulars"),
    path("received/", views.received, name="received"),
    path("received/<int:pk>.xml", views.received_xml, name="received_xml"),
    path("coop/", views.coops_own, name="coops_own"),
    path("<int:pk>.pdf", views.document, {"kind": "pdf"}, name="pdf"),
    path("<int:pk>-cii.xml", views.document, {"kind": "cii"}, name="cii"),
    path("<int:pk>-ubl.xml", views.document, {"kind": "ubl"}, name="ubl"),
]
server: list[URLPattern] = []
