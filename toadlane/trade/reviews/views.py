from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toadlane.kernel.errors import Expected
from toadlane.kernel.money import Money
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.trade.orders import queries as orders
from toadlane.trade.reviews import forms, permissions, queries, services
from toadlane.trade.reviews.queries import standing_in
from toadlane.trade.reviews.queries.panels import page_of
from toadlane.ui import nav
from toadlane.ui.shapes import Crumb


def _typed(request: CoopRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(request: CoopRequest, form: Form, deed: Callable[[], Any], told: str | Callable[[], str]) -> bool:
    """Do what a form asks and say so, once it is known what came of it; or leave the form with what is wrong."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deed()
    except Expected as error:
        form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        return False
    messages.success(request, told if isinstance(told, str) else told())
    return True


def _by_link(request: CoopRequest, token: str) -> int:
    """Take whoever holds the signed link of an order for its customer; return which order it is."""
    pk = orders.order_id(token, request.coop.pk)
    if pk is None:
        raise Http404
    request.by = replace(request.by, order_id=pk)
    return pk


def _order_page(order: Any, token: str) -> Crumb:
    """Lead back to the order that all this is about."""
    url = reverse("orders:guest", args=[token]) if token else reverse("orders:detail", args=[order.pk])
    return Crumb(order.title, url)


def _order(request: CoopRequest, pk: int, token: str) -> Any:
    found = queries.order_at(_by_link(request, token) if token else pk)
    if found is None or not request.by.may(permissions.WRITE, found):
        raise Http404
    return found


def order(request: CoopRequest, pk: int = 0, token: str = "") -> HttpResponse:
    """What both sides say about one order."""
    found = _order(request, pk, token)
    said = queries.of_order(found, request.by, at=request.now)
    initial = {"stars": said.mine.stars, "text": said.mine.text} if said.mine else {}
    form = forms.ReviewForm(_typed(request), initial=initial)

    def told() -> str:
        if queries.of_order(found, request.by, at=request.now).is_open:
            return _("Your review is in. The other side reads it when theirs is in, or when the time is over.")
        return _("Your review is in. Now both of you read what the other wrote.")

    if _done(request, form, lambda: services.write(order=found, **form.cleaned_data, by=request.by, at=request.now), told):
        return redirect(request.path)
    complaint = queries.complaint_of(found)
    own = () if token else (found.pk,)
    context = {
        "order": found, "said": said, "form": form, "complaint": complaint,
        "answer_url": page_of("answer", said.theirs.pk, token=token) if said.theirs else "",
        "complaint_url": page_of("complaint", complaint.pk, token=token) if complaint else "",
        "complain_url": page_of("complain", *own, token=token),
        "crumbs": [_order_page(found, token), Crumb(_("How was it?"))],
    }  # fmt: skip
    return render(request, "reviews/order.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: CoopRequest, pk: int, token: str = "") -> HttpResponse:
    if token:
        _by_link(request, token)
    review = queries.review(pk)
    if review is None or not request.by.may(permissions.WRITE, review.window.order):
        raise Http404
    form = forms.WordsForm(request.POST)
    deed = lambda: services.answer(review=review, text=form.cleaned_data["text"], by=request.by, at=request.now)  # noqa: E731
    if not _done(request, form, deed, _("Your answer stands under the review.")):
        messages.error(request, " ".join(str(error) for bound in form for error in bound.errors))
    return redirect(page_of("order", *(() if token else (review.window.order_id,)), token=token))


@require_GET
def provider(request: CoopRequest, pk: int) -> HttpResponse:
    """What customers say about one member."""
    member = queries.member(pk)
    if member is None:
        raise Http404
    rows = queries.about_provider(pk)
    page = paging.page(rows, cursor=request.GET.get("cursor"), limit=20, order=("-written_at", "-pk"))
    shown = {"summary": queries.summary(rows), "reviews": [queries.told(one) for one in page.items]}
    context = {"member": member, "page": page, "shown": shown}
    return render(request, "reviews/provider.html", context)


def complain(request: CoopRequest, pk: int = 0, token: str = "") -> HttpResponse:
    found = _order(request, pk, token)
    form = forms.ComplaintForm(_typed(request))
    made: list[Any] = []

    def deed() -> None:
        made.append(services.complain(order=found, **form.cleaned_data, by=request.by, at=request.now))

    if _done(request, form, deed, _("Your complaint is with the other side. They have been told.")):
        return redirect(page_of("complaint", made[0].pk, token=token))
    context = {
        "order": found,
        "form": form,
        "rule": queries.answer_rule(found),
        "crumbs": [_order_page(found, token), Crumb(_("Complain"))],
    }
    return render(request, "reviews/complain.html", context, status=422 if form.errors else 200)


def complaint(request: CoopRequest, pk: int, token: str = "") -> HttpResponse:
    """One complaint: what was said, and the one thing that this person can do about it."""
    if token:
        _by_link(request, token)
    found = queries.complaint(pk)
    if found is None or not request.by.may(permissions.READ, found):
        raise Http404
    deed = queries.next_deed(found, request.by, at=request.now)
    form = _form_of(deed, request, found)
    if form is not None and _done(request, form, _deed_of(deed, form, request, found), TOLD[deed]()):
        return redirect(request.path)
    left = Money(queries.left_to_refund(found.order), found.order.currency)
    context = {
        "complaint": found, "order": found.order, "story": queries.story(found), "deed": deed, "form": form, "left": left,
        "may_drop": deed_may_drop(request, found), "mediator": queries.mediator_rule(found.order),
        "drop_url": page_of("drop", pk, token=token),
        "crumbs": [
            _order_page(found.order, token) if token else Crumb(_("Complaints"), reverse("reviews:index")),
            Crumb(_("Complaint") if token else found.order.title),
        ],
        "order_url": _order_page(found.order, token).url,
    }  # fmt: skip
    return render(request, "reviews/complaint.html", context, status=422 if form is not None and form.errors else 200)


TOLD: dict[str, Callable[[], str]] = {
    "answer": lambda: _("Your side is told."),
    "name": lambda: _("Named. It waits on their desk."),
    "decide": lambda: _("Decided. Both sides have been told."),
    "appeal": lambda: _("Somebody else looks at it again."),
    "decide_again": lambda: _("The appeal is closed. Both sides have been told."),
}


def _form_of(deed: str, request: CoopRequest, complaint: Any) -> Any:
    typed, currency = _typed(request), complaint.order.currency
    if deed == "decide":
        return forms.DecideForm(typed, currency=currency)
    if deed == "decide_again":
        return forms.DecideAgainForm(typed, currency=currency)
    if deed == "name":
        return forms.StandInForm(typed, people=standing_in.candidates(complaint))
    return forms.WordsForm(typed) if deed in ("answer", "appeal") else None


def _deed_of(deed: str, form: Any, request: CoopRequest, complaint: Any) -> Callable[[], Any]:
    who = {"complaint": complaint, "by": request.by, "at": request.now}

    def do() -> None:
        said = form.cleaned_data
        if deed == "decide":
            services.decide(outcome=said["outcome"], reasons=said["reasons"], refund_minor=form.minor("refund"), **who)
        elif deed == "decide_again":
            services.decide_again(reasons=said["reasons"], refund_minor=form.minor("refund"), **who)
        elif deed == "name":
            person = next(one for one in standing_in.candidates(complaint) if str(one.pk) == said["person"])
            services.name_stand_in(person=person, **who)
        elif deed == "answer":
            services.answer_complaint(text=said["text"], **who)
        else:
            services.appeal(text=said["text"], **who)

    return do


def deed_may_drop(request: CoopRequest, complaint: Any) -> bool:
    return permissions.side_of(request.by, complaint.order) == complaint.side and complaint.state in ("open", "answered")


@require_POST
def drop(request: CoopRequest, pk: int, token: str = "") -> HttpResponse:
    if token:
        _by_link(request, token)
    found = queries.complaint(pk)
    if found is None or not request.by.may(permissions.READ, found):
        raise Http404
    services.drop(complaint=found, by=request.by, at=request.now)
    messages.success(request, _("Taken back."))
    return redirect(page_of("complaint", pk, token=token))


@require_GET
def index(request: CoopRequest) -> HttpResponse:
    """Complaints and reports: mine, and those that wait for me."""
    if not request.by.person_id and not request.by.order_id:
        raise Http404
    may_moderate = bool(request.by.may(permissions.QUEUE))
    context = {
        "mine": paging.page(queries.complaints_of(request.by), cursor=request.GET.get("cursor"), order=("-opened_at", "-pk")),
        "to_decide": queries.to_decide(request.by, at=request.now),
        "reports": list(queries.reports_waiting().order_by("reported_at", "pk")[:50]) if may_moderate else [],
        "may_moderate": may_moderate,
    }
    return render(request, "reviews/index.html", context)


def report_something(request: CoopRequest) -> HttpResponse:
    if not request.by.may(permissions.REPORT):
        # Whoever reports is told what became of it, and so has to be known.
        door = nav.address("people:sign_in", request)
        return redirect(f"{door}?{urlencode({'next': request.get_full_path()})}")
    subject = request.GET.get("about", "")
    found = queries.reported(subject, request.by)
    if found is None:
        raise Http404
    form = forms.ReportForm(_typed(request))
    made: list[Any] = []

    def deed() -> None:
        made.append(services.report(subject=subject, **form.cleaned_data, by=request.by, at=request.now))

    if _done(request, form, deed, _("Thank you. A moderator looks at it and tells you what was decided.")):
        return redirect("reviews:report", made[0].pk)
    return render(request, "reviews/report_something.html", {"found": found, "form": form}, status=422 if form.errors else 200)


def report(request: CoopRequest, pk: int) -> HttpResponse:
    """One report: for who reported, whom it is about, and the moderators."""
    found = queries.report(pk)
    if found is None or not request.by.may(permissions.READ_REPORT, found):
        raise Http404
    deed = queries.next_deed_of_report(found, request.by, at=request.now)
    typed, kind = _typed(request), found.subject.partition(":")[0]
    who: dict[str, Any] = {"report": found, "by": request.by, "at": request.now}
    form: Any = None
    if deed == "decide":
        form = forms.ModerateForm(typed, kind=kind)
        done = _done(
            request,
            form,
            lambda: services.decide_report(**form.cleaned_data, **who),
            _("Decided. Those it concerns have been told."),
        )
    elif deed == "decide_again":
        form = forms.ModerateAgainForm(typed)
        done = _done(request, form, lambda: services.close_report(**form.cleaned_data, **who), _("The appeal is closed."))
    elif deed == "appeal":
        form = forms.WordsForm(typed)
        done = _done(
            request, form, lambda: services.appeal_report(**form.cleaned_data, **who), _("Somebody else looks at it again.")
        )
    else:
        done = False
    if done:
        return redirect("reviews:report", pk)
    is_moderator = bool(request.by.may(permissions.QUEUE))
    context = {"report": found, "deed": deed, "form": form, "excerpt": queries.excerpt(found) if is_moderator else "",
               "crumbs": [Crumb(_("Complaints and reports"), reverse("reviews:index")), Crumb(found.label)]}  # fmt: skip
    return render(request, "reviews/report.html", context, status=422 if form is not None and form.errors else 200)
