from django.urls import URLPattern

app_name = "ledger"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = []
server: list[URLPattern] = []
