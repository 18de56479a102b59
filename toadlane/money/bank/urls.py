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
    path("creditor/", views.creditor, name="creditor"),
    path("collections/", views.collect, name="collect"),
    path("collections/<int:pk>/", views.collection, name="collection"),
    path("collections/<int:pk>.xml", views.collection_file, name="collection_file"),
    path("mine/mandate/", views.mandate, name="mandate"),
    path("account/", views.own_account, name="own_account"),
]
server: list[URLPattern] = []
