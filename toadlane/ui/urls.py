from django.urls import URLPattern, path

from toadlane.ui import views

app_name = "ui"
server: list[URLPattern] = [path(one.path, views.styleguide, {"family": one}, name=one.address) for one in views.FAMILIES]
