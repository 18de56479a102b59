from django.urls import URLPattern, path

from toadlane.ui import views

app_name = "ui"
server: list[URLPattern] = [path("", views.styleguide, name="styleguide")]
