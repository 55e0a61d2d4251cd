"""Door: the platform's front page and the sign-up wizard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, request, url_for

from app.console.onboarding import drafts, looks, opening, steps
from app.console.onboarding.models import WizardDraft
from app.console.onboarding.schemas import AccountStep, AddressQuestion, LogoForm, Look, ShopStep, Start, Tongue
from app.core import login, reader
from app.core.access import public
from app.core.errors import InvalidInput
from app.core.i18n import gettext, said
from app.core.text import is_local_path, normalise_email
from app.core.web import ConsoleDoor, accepts, drop_cookie, extend_csp, page, read_cookie, redirect_to, set_cookie
from app.platform.tenancy import countries, packs
from app.platform.tenancy import service as tenancy
from app.platform.tenancy.errors import AddressTaken

door = ConsoleDoor("onboarding")
COOKIE = "wizard"


@door.get("/welcome")
@public
def landing() -> Response:
    """What this is, the way in, and on a developer's machine the demo shops."""
    return page("onboarding/console/landing.html", demo_shops=opening.demo_shops(), has_draft=_draft() is not None)


@door.post("/language")
@public
@accepts(Tongue)
def language(form: Tongue) -> Response:
    """Speak another language on the platform's own pages, from now on in this browser."""
    reader.choose(form.language)
    return redirect_to(form.back_to if is_local_path(form.back_to) else url_for(".landing"))


@door.get("/start")
@public
@accepts(Start)
def start(form: Start) -> Response:
    """Into the wizard: where the draft stands, or at its first step."""
    draft = _draft()
    if draft is None and form.start:
        draft = _begin()
    if draft is not None and form.start and packs.folder_named(form.start):
        drafts.remember(draft, "brand", steps.typed(draft, "brand") | {"start": form.start})
    return redirect_to(url_for(".step", name=steps.first_unfinished(draft) if draft else steps.FIRST))


@door.get("/start/<name>")
@public
def step(name: str) -> Response:
    """One step, filled with what the draft knows."""
    card = steps.card_named(name)
    draft = _draft()
    if draft is None and name != steps.FIRST:
        return redirect_to(
            url_for(".step", name=steps.FIRST), gettext("This set-up is over or belongs to another browser.")
        )
    if draft is not None and draft.tenant_id and opening.is_open(draft):
        return redirect_to(url_for(".opened"))
    shop_origin = opening.shop_origin(draft)
    if shop_origin:
        extend_csp("form-action", shop_origin)
    context = _context_of(name, draft)
    return page(f"onboarding/console/{name}.html", card=card, name=name, draft=draft, **context)


@door.post("/start/<name>")
@public
def answer(name: str) -> Any:
    """Take one step's answers: back keeps them as they are, on and skip want them right."""
    card = steps.card_named(name)
    if name == steps.LAST:
        return _parsed(card, open_shop)(name=name)
    draft = _draft() or _begin()
    if request.form.get("then") == "back":
        drafts.remember(draft, name, steps.to_keep(request.form))
        return redirect_to(url_for(".step", name=steps.before(name)))
    return _parsed(card, _take)(name=name)


def _take(form: Any, name: str) -> Response:
    """Store a good answer and go on."""
    draft = _draft() or _begin()
    if name == "shop":
        _refuse_taken(draft, form.address)
    if name == "catalogue":
        region = steps.typed(draft, "region")
        opening.price_in_minor(form.price, region.get("country", ""), region.get("currency", ""))
    _keep_files(draft, form)
    drafts.remember(draft, name, steps.to_keep(request.form))
    return redirect_to(url_for(".step", name=steps.LAST if form.then == "skip" else steps.after(name)))


@door.get("/start/address")
@public
@accepts(AddressQuestion)
def address(form: AddressQuestion) -> Response:
    """Is this address free? Asked while it is typed."""
    login.rate_limit("wizard-address", login.remote_address(), 120, 60)
    wanted = form.slug.strip().lower() or ShopStep(name=form.name).address
    draft = _draft()
    problem = opening.address_problem(wanted, draft)
    near = tenancy.suggest(wanted) if problem else []
    return page(
        "onboarding/console/_address.html", wanted=wanted, problem=problem, near=near, domain=opening.shop_domain()
    )


@door.post("/start/brand/logo")
@public
@accepts(LogoForm, again=lambda: step("brand"))
def give_logo(form: LogoForm) -> Response:
    """Keep a logo and show the colours that are in it."""
    draft = _draft() or _begin()
    content = form.logo.read()
    looks.refuse_unreadable("logo", content)
    drafts.keep_file(draft, "logo", form.logo.filename or "logo", content)
    colours = looks.choices(draft)["logo_colours"]
    answer = steps.typed(draft, "brand")
    if colours:
        drafts.remember(draft, "brand", answer | {"pick": colours[0]})
    return redirect_to(
        url_for(".step", name="brand"), gettext("The colours come from your logo; choose another if you like.")
    )


@door.get("/start/look")
@public
@accepts(Look)
def look(form: Look) -> Response:
    """The frame with the preview, when something in the form has changed."""
    return page("onboarding/console/_frame.html", preview_url=url_for(".preview", **looks.as_query(form)))


@door.get("/start/preview")
@public
@accepts(Look)
def preview(form: Look) -> Response:
    """A page in the brand as it stands, for the frame beside the form."""
    look = looks.of(_draft(), form)
    return page("onboarding/console/preview.html", look=look, css_url=url_for(".preview_css", **looks.as_query(form)))


@door.get("/start/preview.css")
@public
@accepts(Look)
def preview_css(form: Look) -> Response:
    """The style sheet of the preview."""
    response = make_response(looks.of(_draft(), form).theme.css)
    response.mimetype = "text/css"
    return response


@door.get("/start/logo")
@public
def logo() -> Response:
    """The logo that was given, drawn again by us."""
    response = make_response(looks.logo_picture(_draft()))
    response.mimetype = "image/png"
    return response


@door.post("/start/over")
@public
def over() -> Response:
    """Throw the draft away."""
    draft = _draft()
    if draft is not None:
        drafts.forget(draft)
    drop_cookie(COOKIE)
    return redirect_to(url_for(".step", name=steps.FIRST), gettext("Everything is empty again."))


@door.get("/start/open")
@public
def opened() -> Response:
    """The shop is open already: the way to its door."""
    draft = _draft()
    address = opening.address_of(draft) if draft else None
    if address is None:
        return redirect_to(url_for(".start"))
    return page("onboarding/console/open.html", address=address)


def open_shop(form: AccountStep, name: str) -> Response:
    """The last step: open the shop and go there, signed in."""
    draft = _draft()
    if draft is None:
        return redirect_to(url_for(".step", name=steps.FIRST), gettext("This set-up is over; please start again."))
    if form.then == "back":
        drafts.remember(draft, steps.LAST, steps.to_keep(request.form))
        return redirect_to(url_for(".step", name=steps.before(steps.LAST)))
    answers = steps.read_all(draft)
    if isinstance(answers, str):
        return redirect_to(url_for(".step", name=answers), gettext("One answer is still missing here."))
    login.rate_limit("wizard-open", login.remote_address(), 20, 3600)
    login.rate_limit("wizard-account", normalise_email(form.email), 10, 900)
    drafts.remember(draft, steps.LAST, steps.to_keep(request.form))
    try:
        entry = opening.finish(draft, answers, form)
    except AddressTaken as taken:
        return redirect_to(
            url_for(".step", name=steps.FIRST),
            gettext("%(sentence)s Somebody was quicker; choose another.", sentence=taken.sentence),
        )
    drop_cookie(COOKIE)
    return redirect_to(entry)


def _parsed(card: steps.StepCard, view: Callable[..., Response]) -> Callable[..., Any]:
    """The view behind the form of its step: which schema it is depends on the address."""
    return accepts(card.schema, again=step)(view)


def _draft() -> WizardDraft | None:
    return drafts.find(read_cookie(COOKIE))


def _begin() -> WizardDraft:
    """A new draft for this browser, with a guess at its country."""
    login.rate_limit("wizard-begin", login.remote_address(), 60, 3600)
    guess = countries.from_accept_language(request.headers.get("Accept-Language", ""))
    draft, token = drafts.begin({"guess": {"country": guess}})
    set_cookie(COOKIE, token, int(drafts.A_DRAFT_LASTS.total_seconds()))
    return draft


def _keep_files(draft: WizardDraft, form: Any) -> None:
    for kind in ("logo", "photo", "csv"):
        given = getattr(form, kind, None)
        if given is not None:
            content = given.read()
            looks.refuse_unreadable(kind, content)
            drafts.keep_file(draft, kind, given.filename or kind, content)
    if getattr(form, "without_logo", False):
        drafts.drop_file(draft, "logo")


def _refuse_taken(draft: WizardDraft, wanted: str) -> None:
    problem = opening.address_problem(wanted, draft)
    if problem:
        near = ", ".join(tenancy.suggest(wanted))
        raise InvalidInput({"slug": f"{problem} Free: {near}." if near else problem})


def _context_of(name: str, draft: WizardDraft | None) -> dict[str, Any]:
    """What a step's page needs beside the answers."""
    typed = steps.typed(draft, name) if draft else {}
    values = steps.empty(name) | typed
    guess = draft.answers.get("guess", {}).get("country") if draft else None
    context: dict[str, Any] = {
        "steps": steps.STEPS,
        "values": values,
        "is_answered": bool(typed),
        "place": steps.place_of(name),
    }
    context |= {"domain": opening.shop_domain(), "labels": said(steps.LABELS)}
    if name == "shop":
        wanted = values["slug"]
        problem = opening.address_problem(wanted, draft) if wanted else None
        context |= {"wanted": wanted, "problem": problem, "near": tenancy.suggest(wanted) if problem else []}
    if name == "brand":
        context |= looks.choices(draft) | {"preview_url": url_for(".preview")}
    if name == "region":
        country = countries.country_or_default(values["country"] or guess or countries.DEFAULT_COUNTRY)
        context |= {"countries": countries.COUNTRIES, "currencies": countries.currencies(), "country": country}
    if name == "catalogue":
        context |= {"kept": looks.kept_files(draft), "currency": opening.currency_of(draft)}
    return context
