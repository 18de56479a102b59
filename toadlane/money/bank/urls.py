from django.urls import URLPattern, path

from toadlane.money.bank import views

app_name = "bank"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("mine/", views.mine, name="mine"),
    path("statements/", views.import_statement, name="import_statement"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("batches/", views.make, name="make"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("batches/<int:pk>.xml", views.file, name="file"),
    path("account/", views.own_account, name="own_account"),
]
server: list[URLPattern] = []
