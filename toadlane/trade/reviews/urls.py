from django.urls import URLPattern

app_name = "reviews"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = []
server: list[URLPattern] = []
