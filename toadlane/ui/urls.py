from django.urls import URLPattern

app_name = "ui"
server: list[URLPattern] = []
