from django.urls import URLPattern, path

from toadlane.trade.booking import views

app_name = "booking"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("feed/", views.make_own_feed, name="make_own_feed"),
    path("feed/<int:feed>/end/", views.end_feed, name="end_feed"),
    path("feed/<str:address>.ics", views.feed, name="feed"),
    path("<int:pk>/", views.calendar, name="calendar"),
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("<int:pk>/plan/<int:exception>/remove/", views.remove_exception, name="remove_exception"),
    path("<int:pk>/block/", views.block, name="block"),
    path("<int:pk>/block/<int:allocation>/remove/", views.unblock, name="unblock"),
    path("<int:pk>/connect/", views.connect, name="connect"),
    path("<int:pk>/connect/<int:calendar>/forget/", views.forget, name="forget"),
    path("<int:pk>/feed/", views.make_feed, name="make_feed"),
]
server: list[URLPattern] = []
