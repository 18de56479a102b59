from django.urls import URLPattern, path

from toadlane.democracy.proposals.views import acting, decisions, drafting, reading

app_name = "proposals"
urlpatterns: list[URLPattern] = [
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/<str:name>.json", decisions.document, name="document"),
    path("decisions/<str:name>/", decisions.detail, name="decision"),
    path("decisions/<str:name>/suspend/", decisions.demand, name="demand"),
    path("decisions/<str:name>/repair/", decisions.repair, name="repair"),
    path("decisions/<str:name>/appeal/", decisions.appeal, name="appeal"),
    path("decisions/<str:name>/appeals/<int:pk>/", decisions.judge, name="judge"),
    path("guardians/", decisions.guardians, name="guardians"),
    path("guardians/<int:pk>/sign/", decisions.sign_pause, name="sign_pause"),
    path("guardians/<int:pk>/end/", decisions.drop_pause, name="drop_pause"),
    path("proposals/", reading.index, name="index"),
    path("proposals/new/", drafting.new, name="new"),
    path("proposals/new/way/", drafting.new_way, name="new_way"),
    path("proposals/change/<str:rule>/", drafting.change, name="change"),
    path("proposals/drafts/<int:pk>/why/", drafting.why, name="draft_why"),
    path("proposals/drafts/<int:pk>/review/", drafting.review, name="draft_review"),
    path("proposals/drafts/<int:pk>/add/", drafting.add, name="draft_add"),
    path("proposals/drafts/<int:pk>/drop/", drafting.drop, name="draft_drop"),
    path("proposals/drafts/<int:pk>/<int:place>/out/", drafting.take_out, name="draft_out"),
    path("proposals/drafts/<int:pk>/<int:place>/<slug:step>/", drafting.part, name="draft_part"),
    path("proposals/<int:number>/", reading.detail, name="detail"),
    path("proposals/<int:number>/talk/", reading.talk, name="talk"),
    path("proposals/<int:number>/versions/", reading.versions, name="versions"),
    path("proposals/<int:number>/support/", acting.support, name="support"),
    path("proposals/<int:number>/support/take-back/", acting.take_back_support, name="take_back_support"),
    path("proposals/<int:number>/authors/<int:pk>/", acting.add_author, name="add_author"),
    path("proposals/<int:number>/withdraw/", acting.withdraw, name="withdraw"),
    path("proposals/<int:number>/procedure/", acting.use_procedure, name="use_procedure"),
    path("proposals/<int:number>/rebase/", acting.rebase, name="rebase"),
    path("proposals/<int:number>/say/", acting.say, name="say"),
    path("proposals/<int:number>/said/<int:pk>/reply/", acting.reply, name="reply"),
    path("proposals/<int:number>/said/<int:pk>/hide/", acting.hide, name="hide"),
    path("proposals/<int:number>/summary/", acting.summarise, name="summarise"),
    path("proposals/<int:number>/amend/", drafting.begin_amendment, name="amend"),
    path("proposals/<int:number>/revise/", drafting.begin_revision, name="revise"),
    path("proposals/<int:number>/amendments/<int:amendment>/", acting.answer_amendment, name="answer_amendment"),
]
server: list[URLPattern] = []
