from django.urls import URLPattern, path, re_path

from toadlane.trade.catalog.views import keeping, kinds, office, public

app_name = "catalog"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", public.search, name="search"),
    path("mine/", keeping.mine, name="mine"),
    path("queue/", office.queue, name="queue"),
    path("new/", keeping.choose_kind, name="choose"),
    path("new/<slug:kind>/", keeping.create, name="create"),
    path("kinds/", kinds.index, name="kinds"),
    path("kinds/new/", kinds.new_kind, name="new_kind"),
    path("kinds/<slug:kind>/", kinds.change_kind, name="kind"),
    path("kinds/<slug:kind>/remove/", kinds.remove_kind, name="remove_kind"),
    path("kinds/<slug:kind>/new/", kinds.new_field, name="new_field"),
    path("kinds/<slug:kind>/<slug:field>/", kinds.change_field, name="field"),
    path("kinds/<slug:kind>/<slug:field>/remove/", kinds.remove_field, name="remove_field"),
    path("<int:pk>/", public.detail, name="detail"),
    path("<int:pk>/edit/", keeping.edit, name="edit"),
    path("<int:pk>/pictures/", keeping.pictures, name="pictures"),
    path("<int:pk>/pictures/hang/", keeping.hang, name="hang"),
    path("<int:pk>/throw-away/", keeping.throw_away, name="throw_away"),
    path("<int:pk>/decide/", office.decide, name="decide"),
    re_path(r"^(?P<pk>[0-9]{1,18})/(?P<name>submit|pause|resume)/$", keeping.turn, name="turn"),
]
server: list[URLPattern] = []
