from django.urls import URLPattern, path

from toadlane.society.simulations import views

app_name = "simulations"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("try/", views.try_out, name="try"),
    path("<int:pk>/", views.simulation, name="simulation"),
    path("<int:pk>.json", views.document, name="document"),
]
server: list[URLPattern] = []
