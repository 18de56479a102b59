from django.urls import URLPattern, path

from toadlane.ownership.lending import views

app_name = "lending"
urlpatterns: list[URLPattern] = [
    path("", views.loans, name="loans"),
    path("<int:pk>/", views.loan, name="loan"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/bring/", views.bring, name="bring"),
    path("<int:pk>.pdf", views.statement, name="statement"),
]
server: list[URLPattern] = []
