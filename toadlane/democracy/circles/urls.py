from django.urls import URLPattern, path

from toadlane.democracy.circles.views import draws, pages

app_name = "circles"
urlpatterns: list[URLPattern] = [
    path("", pages.circles, name="circles"),
    path("elections/", pages.elections, name="elections"),
    path("elections/<int:pk>/", pages.election, name="election"),
    path("elections/<int:pk>/cancel/", pages.cancel, name="cancel_election"),
    path("nominations/<int:pk>/", pages.nomination, name="nomination"),
    path("draws/", draws.index, name="draws"),
    path("draws/<int:number>/", draws.draw, name="draw"),
    path("draws/<int:number>/cancel/", draws.cancel, name="cancel_draw"),
    path("draws/<int:number>/list.csv", draws.roll, name="draw_roll"),
    path("draws/<int:number>/result.csv", draws.result, name="draw_result"),
    path("draws/asked/<int:pk>/decline/", draws.decline, name="decline_lot"),
    path("<slug:slug>/", pages.circle, name="circle"),
    path("<slug:slug>/election/", pages.open_election, name="open_election"),
    path("<slug:slug>/draw/", draws.announce, name="announce_draw"),
]
