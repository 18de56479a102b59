from django.urls import URLPattern, path

from toadlane.trade.assignments.views import activities, clients, crediting, office, quotes

app_name = "assignments"
urlpatterns: list[URLPattern] = [
    path("", activities.mine, name="mine"),
    path("calculator/", office.calculator, name="calculator"),
    path("office/", office.office, name="office"),
    path("<int:pk>/", activities.activity, name="activity"),
    path("<int:pk>/all/<slug:what>/", activities.everything, name="all"),
    path("<int:pk>/people/", activities.people, name="people"),
    path("<int:pk>/people/<int:person>/leave/", activities.unseat, name="unseat"),
    path("<int:pk>/adviser/", activities.adviser, name="adviser"),
    path("<int:pk>/quote/", quotes.write_quote, name="write_quote"),
    path("<int:pk>/contract/", activities.engage, name="engage"),
    path("<int:pk>/transfer/", activities.transfer, name="transfer"),
    path("<int:pk>/outlay/", activities.outlay, name="outlay"),
    path("contracts/<int:pk>/cancel/", activities.cancel, name="cancel"),
    path("outlays/<int:pk>/<slug:deed>/", activities.outlay_act, name="outlay_act"),
    path("orders/<int:pk>/", clients.order, name="order"),
    path("orders/<int:pk>/invoice.pdf", clients.order_pdf, name="order_pdf"),
    path("orders/<int:pk>/edit/", quotes.revise, name="revise"),
    path("orders/<int:pk>/credit/", crediting.credit, name="credit"),
    path("orders/<int:pk>/credit-notes/<int:note>.pdf", crediting.order_pdf, name="order_credit_pdf"),
    path("orders/<int:pk>/<slug:deed>/", clients.order_act, name="order_act"),
    # For the client, who has no account: the signed address of the quote.
    path("q/<str:token>/", clients.quote, name="quote"),
    path("q/<str:token>/invoice.pdf", clients.quote_pdf, name="quote_pdf"),
    path("q/<str:token>/credit-notes/<int:note>.pdf", crediting.quote_pdf, name="quote_credit_pdf"),
    path("q/<str:token>/<slug:answer>/", clients.quote_answer, name="quote_answer"),
]
server: list[URLPattern] = []
