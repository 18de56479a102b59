from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.webhooks import queries, services
from toadlane.plumbing.webhooks.forms import SubscriptionForm
from toadlane.plumbing.webhooks.models import Subscription
from toadlane.ui.shapes import Crumb


def index(request: CoopRequest) -> HttpResponse:
    """List the subscriptions and make new ones. A new secret is shown on the page that makes it, and never again."""
    rows = queries.subscriptions(by=request.by)
    form = SubscriptionForm(request.POST or None, names=queries.events(by=request.by))
    made = secret = None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.subscribe(**form.cleaned_data, by=request.by, at=request.now)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            form = SubscriptionForm(names=queries.events(by=request.by))
    shown = {"subscriptions": rows, "form": form, "made": made, "secret": secret}
    return render(request, "webhooks/index.html", shown, status=422 if form.errors else 200)


def detail(request: CoopRequest, pk: int) -> HttpResponse:
    one = _found(request, pk)
    sent = paging.page(queries.deliveries(one, by=request.by), cursor=request.GET.get("cursor"))
    crumbs = [Crumb(_("Webhooks"), reverse("webhooks:index")), Crumb(str(one))]
    return render(request, "webhooks/detail.html", {"subscription": one, "deliveries": sent, "crumbs": crumbs})


@require_POST
def switch(request: CoopRequest, pk: int) -> HttpResponse:
    """Switch a subscription off, or on again."""
    one = _found(request, pk)
    one = services.change(subscription=one, by=request.by, is_on=not one.is_on)
    messages.success(request, _("Events are sent there again.") if one.is_on else _("Nothing is sent there for now."))
    return redirect("webhooks:detail", one.pk)


@require_POST
def unsubscribe(request: CoopRequest, pk: int) -> HttpResponse:
    services.unsubscribe(subscription=_found(request, pk), by=request.by)
    messages.success(request, _("The subscription is deleted."))
    return redirect("webhooks:index")


@require_POST
def renew_secret(request: CoopRequest, pk: int) -> HttpResponse:
    one = _found(request, pk)
    secret = services.renew_secret(subscription=one, by=request.by)
    crumbs = [Crumb(_("Webhooks"), reverse("webhooks:index")), Crumb(str(one))]
    sent = paging.page(queries.deliveries(one, by=request.by))
    return render(request, "webhooks/detail.html", {"subscription": one, "deliveries": sent, "crumbs": crumbs, "secret": secret})


@require_POST
def replay(request: CoopRequest, pk: int) -> HttpResponse:
    sent = queries.delivery(pk, by=request.by)
    if sent is None:
        raise Http404
    services.replay(sent=sent, by=request.by)
    messages.success(request, _("It is sent once more."))
    return redirect("webhooks:detail", sent.subscription_id)


def _found(request: CoopRequest, pk: int) -> Subscription:
    found = queries.subscription(pk, by=request.by)
    if found is None:
        raise Http404
    return found
