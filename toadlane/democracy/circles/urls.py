from django.urls import URLPattern, path

from toadlane.democracy.circles import views

app_name = "circles"
urlpatterns: list[URLPattern] = [
    path("", views.circles, name="circles"),
    path("elections/", views.elections, name="elections"),
    path("elections/<int:pk>/", views.election, name="election"),
    path("elections/<int:pk>/cancel/", views.cancel, name="cancel_election"),
    path("nominations/<int:pk>/", views.nomination, name="nomination"),
    path("<slug:slug>/", views.circle, name="circle"),
    path("<slug:slug>/election/", views.open_election, name="open_election"),
]
