from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.plumbing.files import queries as files
from toadlane.plumbing.files import services as keeping
from toadlane.society.coops import services
from toadlane.society.coops.forms import AboutForm, HostForm, LogoForm, PaintForm, WordsForm
from toadlane.society.coops.permissions import EDIT
from toadlane.ui import nav
from toadlane.ui.themes import PALETTES, whole


def settings(request: CoopRequest) -> HttpResponse:
    """How the co-op looks and is found. Its rules are in the bylaws."""
    request.by.must(EDIT, request.coop)
    coop = request.coop
    part = request.POST.get("part", "")
    forms = {
        "about": AboutForm(request.POST if part == "about" else None, initial={f: getattr(coop, f) for f in services.EDITABLE}),
        "logo": LogoForm(*((request.POST, request.FILES) if part == "logo" else ())),
        "paint": PaintForm(
            request.POST if part == "paint" else None, theme=coop.theme, has_own=_is_of_its_own(coop), initial=_palette(coop)
        ),
        "words": WordsForm(request.POST if part == "words" else None, language=coop.language, initial=_words(coop)),
        "host": HostForm(request.POST if part == "host" else None, initial={"host": coop.host}),
    }
    if part in forms and forms[part].is_valid():
        try:
            _keep(request, part, forms[part])
        except Expected as error:
            form = forms[part]
            form.add_error(error.field if error.field in form.fields else None, f"{error} {error.hint}".strip())
        else:
            messages.success(request, _("Kept."))
            return redirect("coops:settings")
    faulty = any(form.is_bound and form.errors for form in forms.values())
    shown = {
        "forms": forms, "links": nav.boards(request, "settings")["settings"],
        "logo": files.sources(coop.logo, alt=coop.name) if coop.logo else None,
    }  # fmt: skip
    return render(request, "coops/settings.html", shown, status=422 if faulty else 200)


def _keep(request: CoopRequest, part: str, form: Any) -> None:
    who: dict[str, Any] = {"coop": request.coop, "by": request.by, "at": request.now}
    if part == "about":
        services.describe(**who, **form.cleaned_data)
    elif part == "paint" and (theme := form.theme()):
        services.paint(**who, theme=theme)
    elif part == "logo":
        upload = form.cleaned_data["logo"]
        # Re-encoded before anything is written: it takes a while, and nobody should have to wait for it.
        logo = keeping.add_picture(file=upload, by=request.by, at=request.now) if upload else None
        services.put_up_logo(**who, logo=logo)
    elif part == "words":
        services.choose_words(**who, words=form.words())
    elif part == "host":
        services.move_to(**who, host=form.cleaned_data["host"])


def _is_of_its_own(coop: Any) -> bool:
    return bool(coop.theme) and coop.theme not in PALETTES.values()


def _palette(coop: Any) -> dict[str, str]:
    name = next((name for name, theme in PALETTES.items() if theme == coop.theme), "own" if coop.theme else "bottle")
    return {"palette": name, "color": whole(coop.theme)["paint"][0]}


def _words(coop: Any) -> dict[str, str]:
    return {f"{language}_{key}": word for language, own in coop.words.items() for key, word in own.items()}
