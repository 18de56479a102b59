from django.urls import URLPattern, path

from toadlane.trade.orders import views

app_name = "orders"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("<int:pk>/", views.detail, name="detail"),
    path("g/<str:token>/", views.guest, name="guest"),
]
server: list[URLPattern] = []
