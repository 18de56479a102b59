"""When the members of a demo co-op meet in its year, who stands for its board, and on whom the lot falls: the same services,
as in life.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from toadlane.blueprints.demo.services.cast import Cast
from toadlane.democracy.circles import queries as circles
from toadlane.democracy.circles import services as electing
from toadlane.democracy.circles.queries import draws as lots
from toadlane.democracy.meetings import queries
from toadlane.democracy.meetings import services as meetings
from toadlane.democracy.meetings.models import Meeting

EVENING = time(18, 30)
# Called so long before, the draft out on the next day, approved when nothing more can be recorded.
NOTICE, OUT, APPROVED = timedelta(days=32), timedelta(days=1), timedelta(days=4)
# What rings on the evening after a draw, and when those on whom it fell have had their time to say no.
DRAWING = ("sealing.seal_records", "circles.keep_draws")
Row = dict[str, Any]


class Gatherings:
    """The meetings and elections of one co-op, each on its days. `touch` is called every evening."""

    def __init__(self, cast: Cast, ends: date) -> None:
        self.cast, self.ends = cast, ends
        self.days: dict[date, list[tuple[str, Row]]] = {}
        for one in cast.data.get("meetings", ()):
            held = ends - timedelta(days=one["days_ago"])
            self._plan(held - NOTICE, "call", one)
            if one["days_ago"] > 0:
                for step, day in (("hold", held), ("circulate", held + OUT), ("approve", held + APPROVED)):
                    self._plan(day, step, one)
        for one in cast.data.get("elections", ()):
            self._plan(ends - timedelta(days=one["days_ago"]), "nominate", one)
        for one in cast.data.get("draws", ()):
            announced = ends - timedelta(days=one["days_ago"])
            drawn = announced + timedelta(days=one["in_days"] + 1)
            self._plan(announced, "announce", one)
            for days, step in ((0, "draw"), (1, "decline"), (12, "draw"), (24, "draw")):
                self._plan(drawn + timedelta(days=days), step, one)

    def _plan(self, day: date, step: str, one: Row) -> None:
        self.days.setdefault(day, []).append((step, one))

    def timers(self, day: date) -> tuple[str, ...]:
        """Return what has to ring on a day beside what rings anyway; asked before its `touch`."""
        return DRAWING if any(step == "draw" for step, _one in self.days.get(day, ())) else ()

    def touch(self, day: date, now: datetime) -> None:
        for step, one in self.days.pop(day, ()):
            # In a town that is younger than a year, some meetings were before its time.
            if step in ("call", "nominate", "announce") or "number" in one:
                getattr(self, f"_{step}")(one, now)

    # ------------------------------------------------------------------------------------------------------- meetings

    def _call(self, one: Row, now: datetime) -> None:
        board, zone = self.cast.holding("board"), ZoneInfo(self.cast.coop.time_zone)
        starts = datetime.combine(self.ends - timedelta(days=one["days_ago"]), EVENING, zone)
        about = {name: one[name] for name in ("about", "place", "link") if name in one}
        meeting = meetings.draft_meeting(title=one["title"], starts_at=starts, by=board, at=now, **about)
        for item in one["items"]:
            meetings.add_item(
                meeting=meeting, title=item["title"], kind=item.get("kind", "free"), text=item.get("text", ""), by=board, at=now
            )
        meetings.call_meeting(meeting=meeting, by=board, at=now)
        for task, names in one["tasks"].items():
            for name in names:
                meetings.name_helper(meeting=meeting, person=self.cast.persons[name], task=task, by=board, at=now)
        one["number"] = meeting.number

    def _meeting(self, one: Row) -> Meeting:
        found = queries.find(one["number"])
        assert found is not None
        return found

    def _hold(self, one: Row, now: datetime) -> None:
        """Everybody comes, one item after the other is taken up, hands are counted, and it closes."""
        meeting, chair = self._meeting(one), self.cast.by(one["tasks"]["chair"][0])
        for mode in ("room", "remote"):
            for name in one["came"].get(mode, ()):
                self._come(meeting, name, mode, now)
        meetings.open_meeting(meeting=meeting, by=chair, at=now)
        for point, said in zip(queries.items(meeting), one["items"], strict=True):
            now += timedelta(minutes=3)
            item = meetings.open_item(item=point, by=chair, at=now)
            for name in said.get("speak", ()):
                meetings.raise_hand(meeting=meeting, by=self.cast.by(name), at=now)
            while meetings.next_speaker(meeting=meeting, by=chair, at=now):
                now += timedelta(minutes=4)
            if "motion" in said:
                motion = meetings.put_motion(item=item, text=said["motion"]["text"], by=chair, at=now)
                yes, no, abstained = said["motion"]["counted"]
                for name in one["tasks"]["teller"]:
                    meetings.count_hands(
                        motion=motion, votes_for=yes, votes_against=no, abstained=abstained, by=self.cast.by(name), at=now
                    )
            for name, text in said.get("objects", ()):
                meetings.remark(meeting=meeting, kind="objection", text=text, item=item, by=self.cast.by(name), at=now)
            meetings.write_notes(item=item, notes=said.get("notes", ""), by=chair, at=now)
            meetings.close_item(item=item, conclusion=said.get("conclusion", ""), by=chair, at=now)
        meetings.close_meeting(meeting=self._meeting(one), by=chair, at=now + timedelta(minutes=5))

    def _come(self, meeting: Meeting, name: str, mode: str, now: datetime) -> None:
        delegates = {row["id"]: row["delegates"][0] for row in self.cast.data.get("organisations", ())}
        by, wanted = self.cast.by(delegates.get(name, name)), self.cast.memberships[name].pk
        for one in queries.mine(by, meeting):
            if one.membership_id == wanted:
                meetings.check_in(meeting=meeting, invitation=one, mode=mode, by=by, at=now)

    def _circulate(self, one: Row, now: datetime) -> None:
        draft = queries.minutes_of(self._meeting(one))
        assert draft is not None
        meetings.circulate_minutes(minutes=draft, by=self.cast.by(one["tasks"]["minutes"][0]), at=now)

    def _approve(self, one: Row, now: datetime) -> None:
        draft = queries.minutes_of(self._meeting(one))
        assert draft is not None
        for name in (*one["tasks"]["chair"], *one["tasks"]["signer"]):
            meetings.approve_minutes(minutes=draft, by=self.cast.by(name), at=now)

    # ------------------------------------------------------------------------------------------------------ elections

    def _nominate(self, one: Row, now: datetime) -> None:
        """Open nominations, and put people forward; who has a statement says yes."""
        closes = now + timedelta(days=one["open_days"])
        board = self.cast.holding("board")
        election = electing.open_election(office=one["office"], seats=one["seats"], closes_at=closes, by=board, at=now)
        for row in one["candidates"]:
            membership = self.cast.memberships[row["id"]]
            by = self.cast.by(row.get("by", row["id"]))
            made = electing.nominate(
                election=election, membership=membership, reason=row.get("reason", ""), statement=row.get("statement", ""),
                by=by, at=now,
            )  # fmt: skip
            if "by" in row and "statement" in row:
                own = self.cast.by(row["id"])
                nomination = circles.nomination(made.pk)
                assert nomination is not None
                electing.accept_nomination(nomination=nomination, statement=row["statement"], by=own, at=now)

    # ---------------------------------------------------------------------------------------------------------- draws

    def _announce(self, one: Row, now: datetime) -> None:
        """Announce that the lot will fill the seats of a circle, once members have decided that it does."""
        if circles.find(one["office"]) is None:
            return  # In a town that is younger than a year, nobody has founded it yet.
        draws_at = now + timedelta(days=one["in_days"])
        made = electing.announce_draw(office=one["office"], draws_at=draws_at, by=self.cast.holding("board"), at=now)
        one["number"] = made.number

    def _draw(self, one: Row, now: datetime) -> None:
        """Time does it: the timers that ring for it draw, and seat those who did not say no."""

    def _decline(self, one: Row, now: datetime) -> None:
        """Some of those on whom the lot fell say no, and the next of the same draw move up."""
        draw = lots.draw(one["number"])
        assert draw is not None
        names = {person.pk: name for name, person in self.cast.persons.items()}
        for asked in list(lots.asked(draw))[: one.get("say_no", 0)]:
            electing.decline_lot(asked=asked, by=self.cast.by(names[asked.entry.person_id]), at=now)
