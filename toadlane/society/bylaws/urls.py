from django.urls import URLPattern, path

from toadlane.society.bylaws import views

app_name = "bylaws"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.rules, name="rules"),
    path("versions/", views.versions, name="versions"),
    path("versions/compare/", views.compare, name="compare"),
    path("versions/<int:number>/", views.version, name="version"),
    path("versions/<int:number>.json", views.document, name="document"),
    path("founding/", views.founding_act, name="founding_act"),
    path("<str:rule>/", views.rule, name="rule"),
]
server: list[URLPattern] = []
