from django.urls import URLPattern, path

from toadlane.blueprints.founding import views

app_name = "founding"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = []
server: list[URLPattern] = [
    path("", views.start, name="start"),
    path("sign/<str:key>/", views.sign, name="sign"),
    path("<str:name>/", views.step, name="step"),
]
