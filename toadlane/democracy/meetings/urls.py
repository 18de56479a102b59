from django.urls import URLPattern, path

from toadlane.democracy.meetings.views import duties, minutes, pages, room

app_name = "meetings"
urlpatterns: list[URLPattern] = [
    path("", pages.meetings, name="meetings"),
    path("new/", pages.new, name="new"),
    path("ask/", pages.ask, name="ask"),
    path("duties/", duties.duties, name="duties"),
    path("book/", minutes.book, name="book"),
    path("demands/<int:pk>/", pages.demand, name="demand"),
    path("<int:number>/", pages.meeting, name="meeting"),
    path("<int:number>/edit/", pages.edit, name="edit"),
    path("<int:number>/ask/", pages.ask, name="ask_item"),
    path("<int:number>/told/", pages.told, name="told"),
    path("<int:number>/room/", room.room, name="room"),
    path("<int:number>/door/", room.door, name="door"),
    path("<int:number>/minutes/", minutes.minutes, name="minutes"),
    path("<int:number>/minutes.pdf", minutes.pdf, name="pdf"),
    path("<int:number>/minutes.sig.json", minutes.slip, name="slip"),
    path("<int:number>/meeting.ics", pages.calendar, name="calendar"),
]
