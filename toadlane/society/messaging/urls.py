from django.urls import URLPattern, path

from toadlane.society.messaging import views

app_name = "messaging"
urlpatterns: list[URLPattern] = [
    path("", views.threads, name="threads"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/", views.thread, name="thread"),
    path("<int:pk>/share/", views.share, name="share"),
]
server: list[URLPattern] = []
