"""A class of members, as the bylaws write it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Question:
    id: str
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        return in_words(self.labels, language)


@dataclass(frozen=True)
class MemberClass:
    """Who may be one, with which rights, in which college, after which questions.

    :param votes: of a member of this class, where the law and the way of deciding allow more than one
    :param delegates: how many delegates vote for an organisation, each with a vote of their own
    """

    id: str
    names: Mapping[str, str]
    who: frozenset[str]
    rights: frozenset[str]
    college: str
    needs_probation: bool
    questions: tuple[Question, ...]
    text: Mapping[str, str]
    votes: int = 1
    delegates: int = 1

    def name(self, language: str) -> str:
        return in_words(self.names, language)

    @property
    def is_for_persons(self) -> bool:
        return "person" in self.who

    @property
    def is_for_organisations(self) -> bool:
        return "organisation" in self.who


def classes(value: Iterable[Mapping[str, Any]]) -> dict[str, MemberClass]:
    """Read the value of `members.classes`."""
    return {
        one["id"]: MemberClass(
            id=one["id"], names=one["names"], who=frozenset(one["who"]), rights=frozenset(one.get("rights", [])),
            college=one.get("college", one["id"]), needs_probation=bool(one.get("probation")),
            questions=tuple(Question(question["id"], question["label"]) for question in one.get("questions", [])),
            text=one.get("text", {}), votes=int(one.get("votes", 1)), delegates=int(one.get("delegates", 1)),
        )
        for one in value
    }  # fmt: skip


def in_words(words: Mapping[str, str], language: str) -> str:
    """Return the reader's word, or else the English one, or else any."""
    return words.get(language.split("-", maxsplit=1)[0]) or words.get("en") or next(iter(words.values()), "")
