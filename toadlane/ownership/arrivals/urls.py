from django.urls import URLPattern, path

from toadlane.ownership.arrivals import views

app_name = "arrivals"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/take-over/", views.take_over, name="take_over"),
]
server: list[URLPattern] = []
