from django.urls import URLPattern, path

from toadlane.trade.orders import views

app_name = "orders"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.mine, name="mine"),
    path("ours/", views.ours, name="ours"),
    path("book/", views.book, name="book"),
    path("book/<int:pk>/", views.book_listing, name="book_listing"),
    path("request/<int:pk>/", views.request_time, name="request"),
    path("ask/<int:pk>/", views.ask, name="ask"),
    path("buy/<int:pk>/", views.buy, name="buy"),
    path("basket/", views.basket, name="basket"),
    path("basket/pay/", views.pay_basket, name="pay_basket"),
    path("basket/<int:pk>/", views.put, name="put"),
    path("checkouts/<uuid:pk>/", views.checkout, name="checkout"),
    path("checkouts/<uuid:pk>/again/", views.try_again, name="try_again"),
    path("g/<str:token>/", views.guest, name="guest"),
    path("g/<str:token>/files/<int:pk>/", views.guest_file, name="guest_file"),
    path("g/<str:token>/<slug:transition>/", views.guest_act, name="guest_act"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/refund/", views.give_back, name="give_back"),
    path("<int:pk>/<slug:transition>/", views.act, name="act"),
]
server: list[URLPattern] = []
