from django.urls import URLPattern, path

from toadlane.democracy.ballots.views import files, reading, telling, voting

app_name = "ballots"
# Pages of a co-op, and pages of the server.
urlpatterns: list[URLPattern] = [
    path("", reading.index, name="index"),
    path("secret/<int:proposal>/", voting.ask_secret, name="ask_secret"),
    path("vote-as/", voting.vote_as, name="vote_as"),
    path("delegations/<int:pk>/take-back/", voting.take_back, name="take_back"),
    path("<int:number>/", reading.detail, name="detail"),
    path("<int:number>/time/", reading.time, name="time"),
    path("<int:number>/board/", reading.board, name="board"),
    path("<int:number>/rounds/", reading.rounds, name="rounds"),
    path("<int:number>/roll/", reading.roll, name="roll"),
    path("<int:number>/vote/", voting.vote, name="vote"),
    path("<int:number>/say/", voting.say, name="say"),
    path("<int:number>/carry/", voting.carry, name="carry"),
    path("<int:number>/end-proxy/", voting.end_proxy, name="end_proxy"),
    path("<int:number>/papers/", telling.boxes, name="boxes"),
    path("<int:number>/papers/<int:pk>/", telling.agree, name="agree"),
    path("<int:number>/papers/<int:pk>/drop/", telling.drop, name="drop"),
    path("<int:number>/present/", telling.present, name="present"),
    path("<int:number>/tie/", telling.tie, name="tie"),
    path("<int:number>/elsewhere/", telling.elsewhere, name="elsewhere"),
    path("<int:number>/silent/", telling.silent, name="silent"),
    path("<int:number>/frozen.json", files.frozen, name="frozen"),
    path("<int:number>/result.json", files.result, name="result"),
    path("<int:number>/board.json", files.board, name="board_file"),
    path("<int:number>/rounds.json", files.rounds, name="rounds_file"),
    path("<int:number>/roll.csv", files.roll, name="roll_file"),
    path("<int:number>/papers.blt", files.blt, name="blt"),
    path("<int:number>/papers.csv", files.table, name="csv"),
    path("<int:number>/voters.csv", files.voters, name="voters"),
]
server: list[URLPattern] = []
