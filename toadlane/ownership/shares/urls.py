from django.urls import URLPattern, path

from toadlane.ownership.shares.views import estates, members, office

app_name = "shares"
urlpatterns: list[URLPattern] = [
    path("", members.mine, name="mine"),
    path("register/", office.register, name="register"),
    path("register.csv", office.register_csv, name="register_csv"),
    path("queue/", office.queue, name="queue"),
    path("queue/approve/", office.approve, name="approve"),
    path("queue/<int:pk>/excuse/", office.excuse, name="excuse"),
    path("queue/<int:pk>/take-back/", members.take_back, name="take_back"),
    path("estates/", estates.estates, name="estates"),
    path("estates/<int:pk>/", estates.estate, name="estate"),
    path("estates/<int:pk>/decide/", estates.decide, name="decide_estate"),
    path("estates/bequests/<int:pk>/", estates.decide_bequest, name="decide_bequest"),
    path("offers/<int:pk>/", members.offer, name="offer"),
    path("<int:pk>/certificate/<slug:share_class>/", members.certificate, name="certificate"),
    path("<int:pk>/certificate/<slug:share_class>.pdf", members.certificate_pdf, name="certificate_pdf"),
    path("<int:pk>/take/<slug:share_class>/", members.subscribe, name="subscribe"),
    path("<int:pk>/rest/<slug:share_class>/", members.rest, name="rest"),
    path("<int:pk>/ask-back/<slug:share_class>/", members.ask_back, name="ask_back"),
    path("<int:pk>/pass-on/<slug:share_class>/", members.pass_on, name="pass_on"),
    path("paid/<int:pk>/", members.subscription, name="subscription"),
]
server: list[URLPattern] = []
