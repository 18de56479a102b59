from django.urls import URLPattern, path

from toadlane.commons.records import views

app_name = "records"
urlpatterns: list[URLPattern] = [
    path("", views.records, name="records"),
    path("<slug:variant>.zip", views.download, name="download"),
]
