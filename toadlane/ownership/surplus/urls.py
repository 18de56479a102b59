from django.urls import URLPattern, path

from toadlane.ownership.surplus import views

app_name = "surplus"
urlpatterns: list[URLPattern] = [
    path("", views.years, name="years"),
    path("repayments/", views.repay, name="repay"),
    path("losses/", views.cover, name="cover"),
    path("losses/shares/", views.share_loss, name="share_loss"),
    path("rates/", views.record_rate, name="rates"),
    path("claims/", views.claims, name="claims"),
    path("claims/<int:pk>/", views.judge, name="judge"),
    path("<slug:name>/", views.year, name="year"),
    path("<slug:name>/statements.csv", views.statements, name="statements"),
    path("<slug:name>/statements/<int:pk>.pdf", views.statement, name="statement"),
    path("<slug:name>/put/", views.put, name="put"),
]
server: list[URLPattern] = []
