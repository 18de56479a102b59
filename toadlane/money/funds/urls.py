from django.urls import URLPattern, path

from toadlane.money.funds import views

app_name = "funds"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.spending, name="spending"),
    path("expenses/", views.expenses, name="expenses"),
    path("expenses/new/", views.claim, name="claim"),
    path("expenses/<int:number>/", views.expense, name="expense"),
    path("expenses/<int:number>/<slug:deed>/", views.act, name="act"),
]
server: list[URLPattern] = []
