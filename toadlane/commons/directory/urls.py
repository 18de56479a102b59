from django.urls import URLPattern, path

from toadlane.commons.directory import views

app_name = "directory"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [path("", views.home, name="home")]
server: list[URLPattern] = [path("", views.front, name="front")]
