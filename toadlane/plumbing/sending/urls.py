from django.urls import URLPattern, path

from toadlane.plumbing.sending import views

app_name = "sending"

# The same page at the server and inside a co-op, where it shows what that co-op wrote.
urlpatterns: list[URLPattern] = [
    path("", views.sent, name="sent"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/html/", views.as_html, name="html"),
]
server = urlpatterns
