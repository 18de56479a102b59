from collections.abc import Callable
from typing import Any

from babel import Locale
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from toadlane.blueprints.founding import policies, queries, services
from toadlane.blueprints.founding.forms import CofounderForm, LawForm, NameForm, OfficersForm, PlaceForm
from toadlane.blueprints.founding.views import rule_pages
from toadlane.kernel.errors import Expected
from toadlane.plumbing.access.requests import CoopRequest
from toadlane.society.bylaws.rules import packs
from toadlane.society.coops import queries as coops
from toadlane.society.members.policies import in_words
from toadlane.ui import formats, towns
from toadlane.ui.shapes import Option, Step

HELD = "founding_draft"


def language() -> str:
    return (get_language() or "en").split("-")[0]


def start(request: CoopRequest) -> HttpResponse:
    """What will you do? Somebody who comes back to this question keeps what they said of all the others."""
    held = _held(request)
    context = {"offers": queries.offers(language()), "held": held}
    if request.method == "POST":
        person = request.user if request.user.is_authenticated else None
        wanted = request.POST.get("blueprint", "")
        try:
            if held and request.POST.get("deed") != "anew":
                draft = services.change_trade(draft=held, blueprint=wanted, by=request.by)
            else:
                draft = services.begin(blueprint=wanted, by=request.by, at=request.now, person=person)
        except Expected:
            return render(request, "founding/start.html", {**context, "missing": True}, status=422)
        request.session[HELD] = draft.pk
        return redirect("founding:step", policies.BEFORE[0])
    return render(request, "founding/start.html", context)


def _held(request: CoopRequest) -> Any:
    """Return the draft that this browser or this person is at; one begun before signing in becomes theirs."""
    draft = queries.draft(request.session.get(HELD) or 0)
    person_id = request.by.person_id
    if draft and draft.person_id not in (None, person_id):
        draft = None
    if draft and draft.person_id is None and person_id:
        draft = services.claim(draft=draft, person=request.user, by=request.by)
    if draft is None and person_id:
        draft = queries.draft_of(person_id)
        if draft:
            request.session[HELD] = draft.pk
    return draft


def step(request: CoopRequest, name: str) -> HttpResponse:
    """One question a page."""
    draft = _held(request)
    if draft is None:
        messages.info(request, _("Choose first what you will do together."))
        return redirect("founding:start")
    asked = queries.asked(draft)
    if name not in policies.steps(asked) and name not in policies.answerable():
        raise Http404
    if name in policies.AFTER and request.by.person_id is None:
        # Nothing is lost: the draft waits in this browser and becomes theirs.
        messages.info(request, _("Your answers are kept. To sign them you need an account: sign in, or create one."))
        return redirect(f"{reverse('people:sign_in')}?next={request.path}")
    page = _PAGES.get(name) or rule_pages.show
    return page(request, draft, _frame(draft, name, asked))


def _frame(draft: Any, name: str, asked: list[Any]) -> dict[str, Any]:
    """Return what every page of the wizard shows: how far it is, and the way back and forth."""
    rule_ids = [rule.id for rule in asked]
    # What nobody is asked is reached from the review, and leads back there.
    is_step = name in policies.steps(asked)
    back, after = (policies.before(name, asked), policies.after(name, asked)) if is_step else ("review", "review")
    return {
        "draft": draft, "step": name, "stages": _stages(draft, name, rule_ids), "after": after,
        "back": reverse("founding:step", args=[back]) if back else reverse("founding:start"),
        "number": rule_ids.index(name) + 1 if name in rule_ids else None, "of": len(rule_ids),
        "review_url": reverse("founding:step", args=["review"]),
    }  # fmt: skip


def _stages(draft: Any, name: str, rule_ids: list[str]) -> list[Step]:
    at = (
        5
        if name == "review"
        else 4
        if name in policies.AFTER
        else 1 + policies.BEFORE.index(name) // 2
        if name in policies.BEFORE
        else 3
    )
    trade = next((one.name for one in queries.offers(language()) if one.id == draft.blueprint), draft.blueprint)
    people = 1 + draft.cofounders.count()
    said = [
        (_("Your trade"), trade), (_("Name and place"), draft.answers.get("name", "")),
        (_("The law"), in_words(queries.law(draft).names, language()) if "pack" in draft.answers else ""),
        (_("The rules"), _("%(count)s questions") % {"count": len(rule_ids)}),
        (_("People"), _("%(count)s so far") % {"count": people} if people > 1 else ""), (_("Sign"), ""),
    ]  # fmt: skip
    return [Step(label, note, "done" if n < at else "current" if n == at else "to_come") for n, (label, note) in enumerate(said)]


def _onwards(request: CoopRequest, frame: dict[str, Any]) -> HttpResponse:
    return redirect("founding:step", frame["after"])


def _name(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    form = NameForm(request.POST or None, initial=draft.answers)
    if request.method == "POST" and form.is_valid():
        if coops.at_slug(form.cleaned_data["slug"]):
            form.add_error("slug", _("Another co-op on this server has this short name. Choose another."))
        else:
            services.answer(draft=draft, answers=form.cleaned_data, by=request.by)
            return _onwards(request, frame)
    return _page(request, frame, form, title=_("What will it be called?"),
                 lede=_("The name over the door. It can be changed later; the short name in the address stays."),
                 prefix=f"{settings.TOADLANE_ORIGIN}/c/")  # fmt: skip


def _page(request: CoopRequest, frame: dict[str, Any], form: Any, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "founding/question.html", {**frame, "form": form, **more}, status=status)


def _place(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    form = PlaceForm(request.POST or None, initial={"language": language(), **draft.answers})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        town = towns.find(data["place"], data["country"]) or towns.listed(data["place"], data["country"])
        for key in ("latitude", "longitude"):
            if data[key] is None and town and town.is_named:
                data[key] = round(getattr(town, key), 5)
            data[key] = None if data[key] is None else str(data[key])
        zone = town.time_zone if town else ""
        data["time_zone"] = zone or getattr(towns.listed(data["place"], data["country"]), "time_zone", "") or "UTC"
        if data["country"] != draft.answers.get("country"):
            data["pack"] = next((one.id for one in packs.every() if data["country"] in one.countries and one.id != "sce"), "none")
        try:
            services.answer(draft=draft, answers=data, by=request.by)
        except Expected as error:
            form.add_error(None, str(error))
        else:
            return _onwards(request, frame)
    return _page(request, frame, form, title=_("Where is it?"),
                 lede=_("It decides the law above your rules, the currency of your books, and whose clock counts."))  # fmt: skip


def _law(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    country = draft.answers.get("country", "")
    fitting = [one for one in packs.every() if one.id == "none" or country in one.countries]
    choices = [(one.id, Option(in_words(one.names, language()), more=_law_in_words(one))) for one in fitting]
    form = LawForm(request.POST or None, packs=choices, initial={"pack": draft.answers.get("pack", "none")})
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(draft=draft, answers=form.cleaned_data, by=request.by)
        except Expected as error:
            form.add_error("pack", str(error))
        else:
            return _onwards(request, frame)
    return _page(request, frame, form, title=_("Under which law?"), quiet=True,
                 lede=_("The law sets floors and caps that no vote can pass, and says who is told what, and when."))  # fmt: skip


def _law_in_words(pack: packs.Pack) -> str:
    if pack.id == "none":
        return _("You begin as a group of people with rules of your own. A legal form can come later.")
    text = pack.law
    if pack.founders.get("basis") == "mem" and pack.founders["min"] > 1:
        text += ". " + _("Usually at least %(least)s founders are needed: ask for advice.") % {"least": pack.founders["min"]}
    return text


def _people(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    country = draft.answers.get("country", "")
    deed = request.POST.get("deed")
    form = CofounderForm(request.POST if deed in ("ask", "on") else None, country=country)
    if deed == "on":
        if not form.has_changed():
            return _onwards(request, frame)
        form.add_error("name", _("Send them the letter first, or empty these lines."))
    if deed == "ask" and form.is_valid():
        try:
            services.ask_to_found(draft=draft, link=_link_to_sign(request), by=request.by, at=request.now, **form.cleaned_data)
        except Expected as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("%(name)s has been sent a letter.") % {"name": form.cleaned_data["name"]})
            return redirect("founding:step", "people")
    if deed in ("remove", "again"):
        return _of_one(request, draft, deed)
    return _page_of("founding/people.html", request, {
        **frame, "form": form, "cofounders": queries.cofounders(draft), "law": queries.law(draft),
        "digest": queries.digest(draft),
    })  # fmt: skip


def _of_one(request: CoopRequest, draft: Any, deed: str) -> HttpResponse:
    """Ask somebody no longer, or write to them once more."""
    number = request.POST.get("cofounder", "")
    one = next((one for one in queries.cofounders(draft) if str(one.pk) == number), None)
    if one and deed == "remove":
        services.no_longer_ask(cofounder=one, by=request.by)
    elif one:
        try:
            services.ask_again(cofounder=one, link=_link_to_sign(request), by=request.by, at=request.now)
        except Expected as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(name)s has been sent a letter.") % {"name": one.name})
    return redirect("founding:step", "people")


def _page_of(template: str, request: CoopRequest, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    return render(request, template, context, status=422 if form is not None and form.is_bound and form.errors else 200)


def _link_to_sign(request: CoopRequest) -> Callable[[str], str]:
    return lambda key: settings.TOADLANE_ORIGIN + reverse("founding:sign", args=[key])


def _office(office: str) -> str:
    return {
        "board": _("Board: it answers applications and speaks for the co-op"), "treasurer": _("Treasurer: looks after the books"),
        "mediator": _("Mediator: hears both sides when something went wrong"),
        "moderator": _("Moderator: looks at what is offered and said"),
        "coordinator": _("Coordinator: keeps the work going day by day"),
    }[office]  # fmt: skip


def _officers(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    people = [("me", draft.person.name), *((str(one.pk), one.name) for one in queries.cofounders(draft))]
    offices = [(office, _office(office)) for office in policies.OFFICES]
    known = draft.answers.get("offices") or {
        "board": [key for key, _name in people],
        **{office: ["me"] for office in policies.OFFICES[1:]},
    }
    classes = [(one.id, one.name(language())) for one in queries.class_choices(draft)]
    initial = {**known, "founder_class": draft.answers.get("founder_class") or queries.usual_class(draft)}
    form = OfficersForm(request.POST or None, classes=classes, people=people, offices=offices, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.answer(draft=draft, by=request.by, answers={
            "founder_class": data.get("founder_class", ""), "offices": {office: data[office] for office in policies.OFFICES},
        })  # fmt: skip
        return _onwards(request, frame)
    return _page(request, frame, form, title=_("Who does what in the first year?"),
                 lede=_("One person may hold several offices. The members elect the next ones."))  # fmt: skip


def _review(request: CoopRequest, draft: Any, frame: dict[str, Any]) -> HttpResponse:
    problem = None
    if request.method == "POST":
        try:
            coop = services.found(
                draft=draft, digest=request.POST.get("digest", ""), by=request.by, at=request.now,
                sandbox=settings.TOADLANE_SANDBOX,
            )  # fmt: skip
        except Expected as error:
            problem = error
        else:
            request.session.pop(HELD, None)
            return redirect(coops.address(coop, "bylaws:founding_act"))
    context = {**frame, **_contents(draft), "problem": problem, "cofounders": queries.cofounders(draft)}
    return render(request, "founding/review.html", context, status=422 if problem else 200)


def _contents(draft: Any) -> dict[str, Any]:
    found = queries.document(draft)
    theirs, others = queries.in_two(draft, found, language())
    return {
        "articles": theirs, "others": others, "digest": queries.digest(draft), "law": queries.law(draft),
        "facts": _facts(draft), "officers": [(_office(office), names) for office, names in queries.first_officers(draft)],
        "is_off_the_map": bool(draft.answers.get("place")) and draft.answers.get("latitude") is None,
        "missing": [n for n in services.NEEDED if not draft.answers.get(n)],
        "editable_ids": set(policies.answerable()),
    }  # fmt: skip


def _facts(draft: Any) -> list[tuple[str, str]]:
    """Return what is signed besides the rules, in words."""
    answers = draft.answers
    country = Locale.parse(language()).territories.get(answers.get("country", ""), "")
    trade = next((one.name for one in queries.offers(language()) if one.id == draft.blueprint), draft.blueprint)
    said = [
        (_("Your trade"), trade),
        (_("Its address"), f"{settings.TOADLANE_ORIGIN}/c/{answers['slug']}/" if answers.get("slug") else ""),
        (_("Where it is"), formats.listed(part for part in (answers.get("place", ""), country) if part)),
        (_("Time zone"), answers.get("time_zone", "")), (_("Currency"), answers.get("currency", "")),
        (_("Main language"), str(dict(settings.LANGUAGES).get(answers.get("language", ""), ""))),
        (_("Legal form"), in_words(queries.law(draft).names, language())),
    ]  # fmt: skip
    return [(label, text) for label, text in said if text]


_PAGES: dict[str, Callable[..., HttpResponse]] = {
    "name": _name, "place": _place, "law": _law, "people": _people, "officers": _officers, "review": _review,
}  # fmt: skip


def sign(request: CoopRequest, key: str) -> HttpResponse:
    """Read what somebody asks you to found, and sign it."""
    asked = queries.cofounder(key)
    if asked is None:
        raise Http404
    draft = asked.draft
    if draft.founded:
        return redirect(coops.address(draft.founded, "bylaws:founding_act"))
    problem = None
    if request.method == "POST":
        if request.by.person_id is None:
            return redirect(f"{reverse('people:sign_in')}?next={request.path}")
        try:
            services.sign(
                cofounder=asked, person=request.user, digest=request.POST.get("digest", ""), by=request.by, at=request.now
            )
        except Expected as error:
            problem = error
        else:
            messages.success(request, _("You have signed. Thank you."))
            return redirect("founding:sign", key)
    context = {"asked": asked, "draft": draft, "problem": problem, **_contents(draft)}
    is_theirs = asked.person_id is not None and asked.person_id == request.by.person_id
    context |= {
        "has_signed": asked.signed_digest == context["digest"], "is_theirs": is_theirs,
        "has_changed": is_theirs and asked.signed_digest != context["digest"],
    }  # fmt: skip
    return render(request, "founding/sign.html", context, status=422 if problem else 200)
