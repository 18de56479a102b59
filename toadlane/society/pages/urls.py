from django.urls import URLPattern, path

from toadlane.society.pages import views

app_name = "pages"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("-/new/", views.write, name="write"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/change/", views.rewrite, name="rewrite"),
    path("<slug:slug>/versions/", views.versions, name="versions"),
    path("<slug:slug>/stand/", views.stand, name="stand"),
]
server: list[URLPattern] = []
