from django.urls import URLPattern, path

from toadlane.ownership.bookkeeping import views

app_name = "bookkeeping"
urlpatterns: list[URLPattern] = [
    path("", views.report, name="report"),
    path("mine/", views.mine, name="mine"),
    path("entries/", views.drafts, name="drafts"),
    path("entries/own/", views.own_entry, name="own_entry"),
    path("entries/<int:pk>/", views.judge, name="judge"),
    path("entries/<int:pk>/credit/", views.credit, name="credit"),
    path("closings/", views.ask, name="ask"),
    path("closings/<int:pk>/", views.close, name="close"),
    path("<int:year>/report.pdf", views.paper, name="paper"),
    path("books.<str:form>", views.export, name="export"),
]
server: list[URLPattern] = []
