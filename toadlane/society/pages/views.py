from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access import paging
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.pages import queries, services
from toadlane.society.pages.forms import PageForm
from toadlane.society.pages.permissions import WRITE
from toadlane.ui.shapes import Crumb


def detail(request: CoopRequest, slug: str) -> HttpResponse:
    page = queries.at_slug(slug, by=request.by)
    if page is None:
        raise Http404
    return render(request, "pages/detail.html", {"page": page, "may_write": request.by.may(WRITE, page)})


def index(request: CoopRequest) -> HttpResponse:
    rows = paging.page(queries.seen_by(request.by), cursor=request.GET.get("cursor"), order=("position", "pk"))
    return render(request, "pages/index.html", {"pages": rows, "may_write": request.by.may(WRITE)})


def versions(request: CoopRequest, slug: str) -> HttpResponse:
    page = queries.at_slug(slug, by=request.by)
    if page is None:
        raise Http404
    kept = paging.page(queries.versions(page), cursor=request.GET.get("cursor"), limit=20, order=("-number",))
    number = request.GET.get("version", "")
    shown = queries.versions(page).filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    return render(request, "pages/versions.html", {"page": page, "versions": kept, "shown": shown, "crumbs": _crumbs(page)})


def write(request: CoopRequest) -> HttpResponse:
    request.by.must(WRITE)
    form = PageForm(request.POST or None, initial={"place": "nowhere", "position": 50})
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        given = {key: value for key, value in form.cleaned_data.items() if key != "based_on"}
        try:
            page = services.write(**given, by=request.by, at=request.now)
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, _told(error))
        else:
            messages.success(request, _("The page is up."))
            return redirect("pages:detail", page.slug)
    return _edit(request, form, None)


def rewrite(request: CoopRequest, slug: str) -> HttpResponse:
    request.by.must(WRITE)
    page = queries.at_slug(slug, by=request.by)
    if page is None:
        raise Http404
    said = {name: getattr(page, name) for name in ("title", "slug", "text", "place", "position")}
    form = PageForm(request.POST or None, initial={**said, "based_on": page.number})
    form.fields.pop("slug")
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        given = form.cleaned_data | {"based_on": form.cleaned_data["based_on"] or 0}
        try:
            services.rewrite(page=page, **given, by=request.by, at=request.now)
        except services.PageChanged as error:
            # What was typed is kept; saved again, it goes on top of what the other person wrote.
            form.data = {**request.POST.dict(), "based_on": str(page.number)}
            form.add_error(None, _told(error))
        except Expected as error:
            form.add_error(error.field if error.field in form.fields else None, _told(error))
        else:
            messages.success(request, _("The page is changed."))
            return redirect("pages:detail", page.slug)
    return _edit(request, form, page)


@require_POST
def stand(request: CoopRequest, slug: str) -> HttpResponse:
    """Take a page down, or put it up again."""
    page = queries.at_slug(slug, by=request.by)
    if page is None:
        raise Http404
    if page.is_up:
        services.take_down(page=page, by=request.by, at=request.now)
        messages.success(request, _("The page is taken down. You can put it up again."))
    else:
        services.put_up(page=page, by=request.by, at=request.now)
        messages.success(request, _("The page is up again."))
    return redirect("pages:detail", page.slug)


def _edit(request: CoopRequest, form: PageForm, page: object | None) -> HttpResponse:
    preview = form.data.get("text", "") if "preview" in request.POST else ""
    status = 422 if form.errors and "preview" not in request.POST else 200
    crumbs = [*_crumbs(page), Crumb(_("Change"))] if page else [Crumb(_("Pages"), _index()), Crumb(_("New page"))]
    there = {"form": form, "page": page, "preview": preview, "crumbs": crumbs}
    return render(request, "pages/edit.html", there, status=status)


def _told(error: Expected) -> str:
    return f"{error} {error.hint}".strip()


def _index() -> str:
    from django.urls import reverse

    return reverse("pages:index", urlconf="toadlane.config.urls_coop")


def _crumbs(page: object) -> list[Crumb]:
    from django.urls import reverse

    here = reverse("pages:detail", args=[page.slug], urlconf="toadlane.config.urls_coop")  # type: ignore[attr-defined]
    return [Crumb(_("Pages"), _index()), Crumb(str(page), here)]
