from django.urls import URLPattern, path

from toadlane.blueprints.demo import views

app_name = "demo"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.sandbox, name="sandbox"),
    path("forward/", views.forward, name="forward"),
    path("stay/", views.stay, name="stay"),
]
server: list[URLPattern] = [path("", views.logins, name="logins")]
