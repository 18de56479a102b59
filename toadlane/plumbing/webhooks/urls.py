from django.urls import URLPattern, path

from toadlane.plumbing.webhooks import views

app_name = "webhooks"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/delete/", views.unsubscribe, name="unsubscribe"),
    path("<int:pk>/secret/", views.renew_secret, name="renew_secret"),
    path("deliveries/<int:pk>/replay/", views.replay, name="replay"),
]
server: list[URLPattern] = []
