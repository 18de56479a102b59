from django.urls import URLPattern, path

from toadlane.money.ledger import views

app_name = "ledger"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.books, name="books"),
    path("accounts/<str:code>/<str:currency>/", views.account, name="account"),
    path("entries/<uuid:pk>/", views.entry, name="entry"),
]
server: list[URLPattern] = []
