from django.urls import URLPattern, path

from toadlane.society.members import views

app_name = "members"
urlpatterns: list[URLPattern] = [
    path("", views.register, name="register"),
    path("desk/", views.desk, name="desk"),
    path("join/", views.join, name="join"),
    path("join/<slug:member_class>/", views.apply, name="apply"),
    path("mine/", views.mine, name="mine"),
    path("applications/", views.applications, name="applications"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("hearings/<int:pk>/", views.hearing, name="hearing"),
    path("<int:pk>/charge/", views.charge, name="charge"),
    path("<int:pk>/", views.member, name="member"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/leave/", views.leave, name="leave"),
    path("<int:pk>/stay/", views.stay, name="stay"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/appeal/", views.appeal, name="appeal"),
    path("<int:pk>/end-probation/", views.end_probation, name="end_probation"),
    path("<int:pk>/suspend/", views.suspend, name="suspend"),
    path("<int:pk>/lift/", views.lift, name="lift"),
]
server: list[URLPattern] = []
