from django.urls import URLPattern, path

from toadlane.trade.work import views

app_name = "work"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("all/", views.past, name="past"),
    path("feed/", views.make_feed, name="make_feed"),
    path("feed/end/", views.end_feed, name="end_feed"),
    path("feed/<str:address>.ics", views.feed, name="feed"),
    path("offers/<int:pk>/", views.offer, name="offer"),
    path("offers/<int:pk>/accept/", views.accept, name="accept"),
    path("offers/<int:pk>/pass/", views.pass_, name="pass"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/self/", views.assign_self, name="assign_self"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/tick/<int:position>/", views.tick, name="tick"),
    path("<int:pk>/finish/", views.finish, name="finish"),
]
server: list[URLPattern] = []
