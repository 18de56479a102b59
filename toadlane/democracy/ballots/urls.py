from django.urls import URLPattern, path

from toadlane.democracy.ballots import views

app_name = "ballots"
urlpatterns: list[URLPattern] = [
    path("<int:number>/", views.detail, name="detail"),
]
server: list[URLPattern] = []
