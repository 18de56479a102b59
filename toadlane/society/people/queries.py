from dataclasses import dataclass

from toadlane.society.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a person is reached about something: one address, the one they chose."""

    name: str
    language: str
    email: str = ""
    phone: str = ""


def reach(person_id: int, about: str) -> Reach | None:
    """Return where to write to a person about `orders`, `messages`, ...; None when they chose not to be told, or are gone."""
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    channel = person.channel_for(about) if person else "none"
    if person is None or channel == "none":
        return None
    if channel == "email":
        return Reach(name=person.name, language=person.language, email=person.email or "")
    return Reach(name=person.name, language=person.language, phone=person.phone or "")
