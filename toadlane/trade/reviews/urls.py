from django.urls import URLPattern, path

from toadlane.trade.reviews import views

app_name = "reviews"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/complain/", views.complain, name="complain"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("of/<int:pk>/", views.provider, name="provider"),
    path("complaints/<int:pk>/", views.complaint, name="complaint"),
    path("complaints/<int:pk>/drop/", views.drop, name="drop"),
    # The same for guests, by the signed link of their order.
    path("g/<str:token>/", views.order, name="guest_order"),
    path("g/<str:token>/complain/", views.complain, name="guest_complain"),
    path("g/<str:token>/complaints/<int:pk>/", views.complaint, name="guest_complaint"),
    path("g/<str:token>/complaints/<int:pk>/drop/", views.drop, name="guest_drop"),
    path("g/<str:token>/<int:pk>/answer/", views.answer, name="guest_answer"),
    path("report/", views.report_something, name="report_something"),
    path("reports/<int:pk>/", views.report, name="report"),
]
server: list[URLPattern] = []
