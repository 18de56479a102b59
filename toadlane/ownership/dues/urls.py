from django.urls import URLPattern, path

from toadlane.ownership.dues import views

app_name = "dues"
urlpatterns: list[URLPattern] = [
    path("", views.mine, name="mine"),
    path("owing/", views.owing, name="owing"),
    path("members/<int:pk>/", views.member, name="member"),
    path("<int:pk>/pay/", views.pay, name="pay"),
    path("<int:pk>/choose/", views.choose, name="choose"),
    path("paid/<int:pk>/", views.remittance, name="remittance"),
    path("claims/<int:pk>/waive/", views.waive_claim, name="waive_claim"),
    path("waivers/<int:pk>/end/", views.end_waiver, name="end_waiver"),
]
server: list[URLPattern] = []
