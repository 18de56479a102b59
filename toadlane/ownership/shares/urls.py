from django.urls import URLPattern, path

from toadlane.ownership.shares import views

app_name = "shares"
urlpatterns: list[URLPattern] = [
    path("", views.mine, name="mine"),
    path("register/", views.register, name="register"),
    path("register.csv", views.register_csv, name="register_csv"),
    path("queue/", views.queue, name="queue"),
    path("queue/approve/", views.approve, name="approve"),
    path("queue/<int:pk>/paid/", views.paid, name="paid"),
    path("queue/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("offers/<int:pk>/", views.offer, name="offer"),
    path("<int:pk>/certificate/<slug:share_class>/", views.certificate, name="certificate"),
    path("<int:pk>/certificate/<slug:share_class>.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("<int:pk>/take/<slug:share_class>/", views.subscribe, name="subscribe"),
    path("<int:pk>/rest/<slug:share_class>/", views.rest, name="rest"),
    path("<int:pk>/ask-back/<slug:share_class>/", views.ask_back, name="ask_back"),
    path("<int:pk>/pass-on/<slug:share_class>/", views.pass_on, name="pass_on"),
    path("paid/<int:pk>/", views.subscription, name="subscription"),
]
server: list[URLPattern] = []
