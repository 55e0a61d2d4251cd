"""Plans: each limit is kept by the services, at the last one too, and says which it is."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core import access, db, ids, rest_limits, storage
from app.core.access import BY_HAND
from app.core.errors import PlanLimitReached
from app.platform.staff import service as staff
from app.platform.tenancy import plans
from app.platform.tenancy.errors import PlanInUse
from app.platform.tenancy.plans import PlanForm
from app.shop.catalog.queries import count_for_plan
from tests.conftest import sign_in_owner
from tests.console.ops.test_console import operator  # noqa: F401 - a fixture
from tests.factories.catalog import a_product
from tests.factories.checkout import sentences
from tests.factories.developers import Program
from tests.factories.tenancy import picture


@pytest.fixture
def on_plan(app, shop):
    """Put the shop on a plan with these limits; afterwards no plan is left."""
    made = []

    def give(**limits):
        with app.app_context():
            form = PlanForm(name=f"Plan of {shop.slug}", **limits)
            made[:] = [plans.save_plan(form, made[0] if made else None, by=BY_HAND).id]
            plans.assign(shop.slug, made[0], by=BY_HAND)
            db.checkpoint()

    yield give
    with app.app_context():
        plans.assign(shop.slug, None, by=BY_HAND)
        if made:
            plans.remove_plan(made[0], by=BY_HAND)
        db.checkpoint()


def test_a_plan_with_tenants_stays_and_a_change_acts_at_once(app, shop, on_plan):
    on_plan(products=1)
    with app.app_context():
        with shop.entered():
            a_product()
            with pytest.raises(PlanLimitReached, match="allows 1 products"):
                a_product()
        with pytest.raises(PlanInUse):
            plans.remove_plan(plans.plan_of(shop.id).id, by=BY_HAND)
        db.session.rollback()
    on_plan(products=2)
    with app.app_context(), shop.entered():
        a_product()
        assert count_for_plan() == 2
        assert [entry.action for entry in plans.history_of(shop.id)] == ["plan"]


@pytest.mark.parametrize("is_locked", [True, False])
def test_of_two_who_create_the_last_product_one_is_refused(app, shop, on_plan, monkeypatch, is_locked):
    """The control: without the turn both are let in."""
    on_plan(products=1)
    if not is_locked:
        monkeypatch.setattr(plans, "_take_turn", lambda which: None)
    both_asked = threading.Barrier(2)

    def create(number):
        with app.app_context():
            try:
                with shop.entered():
                    plans.plan_here()
                    both_asked.wait(5)
                    if is_locked:
                        a_product(title=f"Lamp {number}")
                    else:
                        plans.make_room("products")
                        both_asked.wait(5)
                return "made"
            except PlanLimitReached:
                return "refused"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(create, range(2)))

    assert outcomes == (["made", "refused"] if is_locked else ["made", "made"])


def test_staff_are_limited_when_invited_and_when_they_join(app, shop, on_plan):
    with app.app_context(), shop.entered():
        owner = staff.queries.actor_of(staff.queries.staff_by_email(shop.owner_email))
        invitation = staff.invite("new@example.com", "manager", by=owner)
        token = staff.invitation_link(invitation).rpartition("/")[2]
    on_plan(staff=1)
    with app.app_context():
        for act in (
            lambda: staff.invite("more@example.com", "manager", by=owner),
            lambda: staff.accept(token, name="New", password="correct horse battery"),
        ):
            with pytest.raises(PlanLimitReached) as refused, shop.entered():
                act()
            assert refused.value.told == {"which": "staff", "limit": 1, "used": 1}


def test_storage_counts_files_and_refuses_the_upload_that_is_too_much(app, shop, on_plan):
    on_plan(storage=1000)
    with app.app_context(), shop.entered():
        storage.put(b"x" * 900, suffix="csv", kind="uploads")
        plans.make_room("storage", 100)
        with pytest.raises(PlanLimitReached) as refused:
            plans.make_room("storage", 101)
        assert refused.value.told["used"] == 900


def test_the_plans_rate_is_that_of_the_api(app, shop, on_plan):
    on_plan(api_rate=77)
    with app.app_context(), shop.entered():
        assert rest_limits.api_rate() == 77
    on_plan()
    with app.app_context(), shop.entered():
        assert rest_limits.api_rate() != 77
        assert access.current_actor().kind == "system"


MUG = {"title": "Mug", "status": "active", "variants": [{"price": 1250, "on_hand": 9}]}


def _order(api, mug):
    home = {"name": "Ines Maur", "line1": "1 Quay Street", "city": "Galway", "country": "IE"}
    lines = [{"variant_id": mug["variants"][0]["id"], "quantity": 1}]
    bought = {"lines": lines, "email": "ines@example.com", "shipping_address": home, "payment": "paid"}
    return api.post("/api/v1/orders", bought)


def _upload(api, mug, name):
    sent = {"file": (io.BytesIO(picture(name)), "mug.png")}
    headers = {"Authorization": f"Bearer {api.key}"}
    path = f"/api/v1/products/{mug['id']}/images"
    return api.browser.post(path, data=sent, content_type="multipart/form-data", headers=headers)


def test_programs_hear_plan_limit_reached_for_products_orders_and_storage(api, on_plan):
    """The control: the same requests pass while the plan has room."""
    on_plan(products=1, orders_month=1, storage=10**6)
    mug = api.post("/api/v1/products", MUG).json
    assert _order(api, mug).status_code == 201
    assert _upload(api, mug, "red").status_code == 201

    on_plan(products=1, orders_month=1, storage=1)
    refused = {
        "products": api.post("/api/v1/products", MUG),
        "orders_month": _order(api, mug),
        "storage": _upload(api, mug, "blue"),
    }

    assert {(one.status_code, one.json["code"], one.mimetype) for one in refused.values()} == {
        (409, "plan_limit_reached", "application/problem+json")
    }
    assert {which: one.json["title"].partition(",")[0] for which, one in refused.items()} == {
        "products": "Your plan allows 1 products",
        "orders_month": "Your plan allows 1 orders a month",
        "storage": "Your plan allows 0 MB of storage",
    }
    assert {which: (one.json["which"], one.json["limit"]) for which, one in refused.items()} == {
        "products": ("products", 1), "orders_month": ("orders_month", 1), "storage": ("storage", 1),
    }  # fmt: skip
    assert len(api.get(f"/api/v1/products/{mug['id']}/images").json["data"]) == 1, "nothing was kept"
    assert len(api.get("/api/v1/orders").json["data"]) == 1


def test_of_programs_that_order_at_once_as_many_pass_as_the_month_has_room_for(api, shop, on_plan):
    """Orders queue for their number before the plan counts them, so the plan's own turn is their second lock."""
    on_plan(orders_month=2)
    mug = api.post("/api/v1/products", MUG).json
    programs = [Program(shop.browser(), api.key) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: _order(one, mug), programs))

    assert sorted(one.status_code for one in answers) == [201, 201, 409, 409]


FULL = {
    "products": ("/admin/products", {"title": "One more", "price": "5"}, "Your plan allows 0 products"),
    "staff": ("/admin/staff/invitations", {"email": "new@example.com", "role": "manager"}, "Your plan allows 1 "),
    "storage": ("/admin/products/{product}/images", "photos", "Your plan allows"),
    "logo": ("/admin/branding/logo", "logo", "Your plan allows"),
}
"""What is full -> where staff meet it, what they send, and what they read."""
BESIDE = {
    "photos": re.compile(r'class="notice danger(?:(?!</form>).)*name="photos"', re.S),
    "logo": re.compile(r'name="logo"(?:(?!</form>).)*field-error(?:(?!</form>).)*', re.S),
}
"""A file's field -> where on the page the refusal stands."""


@pytest.mark.parametrize("what", FULL)
def test_the_back_office_says_what_is_full_and_takes_it_once_the_plan_has_room(app, shop, api, on_plan, what):
    on_plan()
    product = api.get(f"/api/v1/products/{api.post('/api/v1/products', MUG).json['id']}").json
    identity = ids.from_public("prod", product["id"])
    path, form, said = FULL[what]
    browser = sign_in_owner(shop)

    def send():
        sent = form if isinstance(form, dict) else {form: (io.BytesIO(picture("red")), "red.png")}
        return browser.post_form(path.format(product=identity), dict(sent))

    on_plan(products=0, staff=1, storage=1)
    with app.app_context(), shop.entered():
        before = storage.total_bytes()
    refused = send()
    with app.app_context(), shop.entered():
        assert storage.total_bytes() == before, "nothing was kept"
    on_plan(products=9, staff=9, storage=10**7)
    taken = send()

    assert refused.status_code == 409, refused.text
    assert said in refused.text
    if isinstance(form, str):
        near = BESIDE[form].search(refused.text)
        assert near and said in near[0], "beside the field"
    assert taken.status_code in {200, 303}, taken.text


def test_a_program_that_invites_hears_what_is_full(api, on_plan):
    on_plan(staff=1)
    invited = {"email": "new@example.com", "role": "manager"}
    refused = api.post("/api/v1/staff/invitations", invited)
    on_plan(staff=2)

    assert (refused.status_code, refused.json["code"], refused.json["which"]) == (409, "plan_limit_reached", "staff")
    assert api.post("/api/v1/staff/invitations", invited).status_code == 201


def test_shoppers_hear_that_the_shop_takes_no_orders_and_not_of_its_plan(buyer, sell, at_shop, on_plan):
    """Their bag stays as it is; once the plan has room the same button orders."""
    on_plan(orders_month=0)
    variant_id = sell(price=2400)
    buyer.put_in(variant_id)

    refused = buyer.place()
    on_plan(orders_month=1)
    taken = buyer.place()

    assert refused.status_code == 409
    assert "This shop is not taking orders at the moment." in sentences(refused.text)
    assert "plan" not in sentences(refused.text).lower()
    assert taken.status_code == 303 and "/payments/testpay/" in taken.location


def test_a_plan_that_is_changed_acts_on_the_next_request(api, on_plan):
    on_plan(products=0)
    assert api.post("/api/v1/products", MUG).json["code"] == "plan_limit_reached"
    on_plan(products=1)
    assert api.post("/api/v1/products", MUG).status_code == 201


def test_a_plan_that_the_operator_saves_in_the_console_acts_on_the_next_request(app, operator, shop, api):  # noqa: F811
    """At both doors; requests a minute from the next lease on. The control: before it is saved all pass."""
    name = f"Console {shop.slug}"
    owner = sign_in_owner(shop)

    def save(path, **limits):
        answer = operator.post_form(path, {"name": name, **limits})
        assert answer.status_code == 303, answer.text

    def tried():
        by_hand = owner.post_form("/admin/products", {"title": "One more", "price": "5"})
        return by_hand.status_code, api.post("/api/v1/products", MUG).status_code

    save("/console/plans")
    with app.app_context():
        plan_id = next(plan.id for plan, _ in plans.all_plans() if plan.name == name)
    assert operator.post_form(f"/console/tenants/{shop.slug}/plan", {"plan": str(plan_id)}).status_code == 303
    assert tried() == (303, 201)
    save(f"/console/plans/{plan_id}", products="2")
    assert tried() == (409, 409)
    save(f"/console/plans/{plan_id}", products="4")
    assert tried() == (303, 201)

    save(f"/console/plans/{plan_id}", api_rate="1")
    rest_limits.buckets.begin()  # as when the lease has ended, ten seconds later at most
    passed, refused = (api.get("/api/v1/products") for _ in range(2))
    assert passed.status_code == 200 and '"shop";q=1;' in passed.headers["RateLimit-Policy"]
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert refused.json["title"].startswith("Too many requests. Please go on in ")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    operator.post_form(f"/console/tenants/{shop.slug}/plan", {"plan": ""})
    assert operator.post_form(f"/console/plans/{plan_id}/remove").status_code == 303
