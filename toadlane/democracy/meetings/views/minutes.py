"""Minutes: the draft and its corrections, approvals, the page in the book, and the paper."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from toadlane.democracy.meetings import forms, permissions, queries, services
from toadlane.democracy.meetings.models import Meeting
from toadlane.democracy.meetings.views.pages import BIG, attempt, crumbs
from toadlane.kernel import digits
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.ui.shapes import Crumb


def _meeting(request: CoopRequest, number: int) -> Meeting:
    found = queries.find(number) if 0 < number < BIG else None
    if found is None:
        raise Http404
    allowed = request.by.may(permissions.READ, found) or (
        queries.approved(found) is not None and request.by.may(permissions.READ_MINUTES, found)
    )
    if not allowed:
        raise Http404
    return found


def _tongue(request: CoopRequest) -> dict[str, str]:
    """Say in which language minutes stand and which way it runs: they are in the co-op's own, whoever reads them."""
    language = request.coop.language if request.coop else "en"
    return {"tongue": language, "way": "rtl" if get_language_info(language)["bidi"] else "ltr"}


def minutes(request: CoopRequest, number: int) -> HttpResponse:
    """The minutes of one meeting, wherever they are on their way."""
    one = _meeting(request, number)
    approved, draft = queries.approved(one), queries.minutes_of(one)
    is_member = bool(request.by.may(permissions.LIST))
    here = crumbs(Crumb(one.title, reverse("meetings:meeting", args=[number])), Crumb(_("Minutes"))) if is_member else []
    if approved is not None:
        said = approved.document if is_member else {**approved.document, "attendance": []}
        return render(request, "meetings/approved.html", {
            "meeting": one, "approved": approved, "said": said, "crumbs": here, "is_member": is_member,
            "printed": getattr(approved, "printed", None), "lines": queries.printable(approved), **_tongue(request),
        })  # fmt: skip
    if draft is None or not is_member:
        raise Http404
    words = forms.WordsForm(request.POST if request.POST.get("deed") == "correct" else None)
    if request.method == "POST" and _change(request, draft, words):
        return redirect("meetings:minutes", number)
    writes = bool(request.by.may(permissions.WRITE_MINUTES, one))
    if draft.circulated_at is None and not writes:
        return render(request, "meetings/no_minutes.html", {"meeting": one, "draft": draft, "crumbs": here})
    approvals = queries.approvals(draft)
    return render(request, "meetings/minutes.html", {
        "meeting": one, "draft": draft, "items": queries.items(one), "said": queries.document(draft), "writes": writes,
        "corrections": list(queries.corrections(draft)), "approvals": approvals, "missing": queries.missing(draft),
        "too_early": queries.too_early(draft, request.now),
        "signs": bool(request.by.may(permissions.SIGN_MINUTES, one))
        and not any(row.person_id == request.by.person_id for row in approvals),
        "attends": bool(request.by.may(permissions.ATTEND, one)), "words": words, "crumbs": here,
        "rule": queries.book_of(one).decided("meetings.minutes_days"),
    }, status=422 if words.errors else 200)  # fmt: skip


def _change(request: CoopRequest, draft: Any, words: Any) -> bool:
    deed, _colon, text = request.POST.get("deed", "").partition(":")
    who: dict[str, Any] = {"by": request.by, "at": request.now}
    if deed == "revise":
        said: dict[str, Any] = {name: request.POST.get(name, "")[:20_000] for name in ("opening", "closing")}
        items = {
            item.pk: {name: request.POST.get(f"{name}-{item.pk}", "")[:20_000] for name in ("notes", "conclusion")}
            for item in queries.items(draft.meeting)
        }
        attempt(request, lambda: services.revise_minutes(minutes=draft, items=items, **said, **who), _("Kept."))
    elif deed == "circulate":
        attempt(request, lambda: services.circulate_minutes(minutes=draft, **who), _("Those who were there can read it."))
    elif deed == "approve":
        attempt(request, lambda: services.approve_minutes(minutes=draft, **who), _("Approved."))
    elif deed == "correct":
        told = _("Noted. Whoever writes the minutes answers it.")
        return attempt(request, lambda: services.correct_minutes(minutes=draft, **words.cleaned_data, **who), told, words)
    elif deed in ("accept", "refuse"):
        row = queries.corrections(draft).filter(pk=digits.number(text, most=11) or 0).first()
        if row is None:
            raise Http404
        answer = request.POST.get("answer", "")[:4000]
        act = lambda: services.answer_correction(correction=row, accept=deed == "accept", answer=answer, **who)  # noqa: E731
        attempt(request, act, _("Answered."))
    else:
        raise Http404
    return True


def _printed(request: CoopRequest, number: int) -> Any:
    one = _meeting(request, number)
    approved = queries.approved(one)
    printed = getattr(approved, "printed", None) if approved else None
    # On paper stand the names of those who were there: they are for members.
    if printed is None or not request.by.may(permissions.LIST):
        raise Http404
    return printed


@require_GET
def pdf(request: CoopRequest, number: int) -> HttpResponse:
    answer = HttpResponse(queries.file_of(_printed(request, number)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="minutes-{number}.pdf"'
    return answer


@require_GET
def slip(request: CoopRequest, number: int) -> HttpResponse:
    """The signature that goes with the file."""
    answer = JsonResponse(queries.slip(_printed(request, number)))
    answer["Content-Disposition"] = f'attachment; filename="minutes-{number}.pdf.sig.json"'
    return answer


@require_GET
def book(request: CoopRequest) -> HttpResponse:
    """The minute book, page by page."""
    request.by.must(permissions.READ_MINUTES, permissions.Whose())
    rows = queries.book()
    if not request.by.may(permissions.LIST):
        rows = rows.filter(meeting__kind="general")
    page = paging.page(rows, cursor=request.GET.get("cursor"), limit=30, order=("-number",))
    return render(request, "meetings/book.html", {"page": page, "is_member": bool(request.by.may(permissions.LIST))})
