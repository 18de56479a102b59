from typing import Any

from django.utils.translation import gettext as _

from toadlane.plumbing.access.principals import Answer, Permission, Principal, holds
from toadlane.society.bylaws import queries as bylaws

INSIDERS = holds("member", "board", "treasurer", "founder", "system")


def open_books(by: Principal, subject: Any) -> Answer:
    """Members always; everybody where the bylaws say so."""
    if INSIDERS(by, subject):
        return Answer(True)
    return Answer(bool(bylaws.book().maybe("books.public")), _("The bylaws keep these books to members."))


SEE_TOTALS = Permission("see the totals of the books", open_books, scope="read")
SEE_ENTRIES = Permission("read the books", INSIDERS, scope="read")
