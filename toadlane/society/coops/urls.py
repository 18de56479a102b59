from django.urls import URLPattern, path

from toadlane.society.coops import views

app_name = "coops"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [path("", views.settings, name="settings")]
server: list[URLPattern] = []
