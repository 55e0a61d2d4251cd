"""Memberships, invitations and accounts."""

import threading
from datetime import timedelta

import pytest

from app.core import access, clock, db, links
from app.core.access import Actor
from app.core.errors import NotFound
from app.platform.staff import credentials, queries, service
from app.platform.staff.errors import AlreadyHere, LastOwner, LinkIsOver, MoreThanYouHold, WrongPassword, WrongSignIn
from app.platform.staff.roles import ROLES
from tests.factories.staff import PASSWORD

NOBODY = Actor("staff", None, "Nobody")


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def test_whoever_opens_a_shop_is_its_owner(in_shop):
    member = queries.staff_by_email(in_shop.owner_email)

    assert member.is_owner
    assert queries.permissions_of(member) == frozenset(access.catalogue_of_permissions())


def test_a_manager_may_everything_but_manage_staff_and_close_the_shop():
    held = ROLES["manager"].permissions

    assert "orders.read" in held
    assert not any(name.startswith("staff.") for name in held)
    assert "settings.close" not in held


def test_the_right_password_lets_in_and_nothing_else(in_shop):
    assert service.check_sign_in(f" {in_shop.owner_email.upper()} ", in_shop.owner_password).is_owner
    for email, password in [(in_shop.owner_email, "wrong"), ("nobody@example.com", "wrong"), ("", "")]:
        with pytest.raises(WrongSignIn):
            service.check_sign_in(email, password)


def test_a_person_of_another_shop_is_nobody_here(app, shop, other_shop):
    with app.app_context(), shop.entered(), pytest.raises(WrongSignIn):
        service.check_sign_in(other_shop.owner_email, other_shop.owner_password)


def test_every_attempt_costs_one_hash_whoever_it_is_for(app, shop, other_shop, monkeypatch):
    hashed: list[str] = []
    real = service.login.verify_password
    monkeypatch.setattr(
        service.login, "verify_password", lambda stored, given: hashed.append(given) or real(stored, given)
    )
    with app.app_context(), shop.entered():
        for email in (shop.owner_email, other_shop.owner_email, "nobody@example.com"):
            with pytest.raises(WrongSignIn):
                service.check_sign_in(email, "wrong")

    assert hashed == ["wrong"] * 3


def test_one_person_works_in_two_shops_with_one_password(app, shop, other_shop, make_member):
    make_member(email="both@example.com")
    member = make_member(email="both@example.com", at=other_shop)

    with app.app_context(), other_shop.entered():
        assert service.check_sign_in("both@example.com", PASSWORD).id == member.id


def test_opening_a_second_shop_never_overwrites_the_password(app, open_shop):
    first = open_shop(owner_email="twice@example.com", owner_password="the first password")
    second = open_shop(owner_email="twice@example.com", owner_password="another password")

    for place in (first, second):
        with app.app_context(), place.entered():
            assert service.check_sign_in("twice@example.com", "the first password").is_owner
            with pytest.raises(WrongSignIn):
                service.check_sign_in("twice@example.com", "another password")


def test_whether_a_password_fits_is_unknown_for_strangers(in_shop):
    assert credentials.password_fits(in_shop.owner_email, in_shop.owner_password) is True
    assert credentials.password_fits(in_shop.owner_email, "wrong") is False
    assert credentials.password_fits("nobody@example.com", "wrong") is None


def test_an_entry_link_works_once(in_shop):
    owner = queries.staff_by_email(in_shop.owner_email)
    token = token_of(service.entry_link(owner.id))

    assert service.use_entry_link(token).id == owner.id
    with pytest.raises(LinkIsOver):
        service.use_entry_link(token)


def test_a_newer_entry_link_ends_the_older_one(in_shop):
    owner = queries.staff_by_email(in_shop.owner_email)
    older, newer = token_of(service.entry_link(owner.id)), token_of(service.entry_link(owner.id))

    with pytest.raises(LinkIsOver):
        service.use_entry_link(older)
    assert service.use_entry_link(newer).id == owner.id


def test_an_entry_link_ends_after_a_quarter_of_an_hour(in_shop):
    owner = queries.staff_by_email(in_shop.owner_email)
    token = token_of(service.entry_link(owner.id))

    with clock.frozen(clock.now() + timedelta(minutes=16)), pytest.raises(LinkIsOver):
        service.use_entry_link(token)


def test_an_entry_link_of_one_shop_opens_nothing_at_another(app, shop, other_shop):
    with app.app_context():
        with other_shop.entered():
            token = token_of(service.entry_link(queries.staff_by_email(other_shop.owner_email).id))
        with shop.entered(), pytest.raises(LinkIsOver):
            service.use_entry_link(token)


def test_an_invited_person_joins_with_a_new_account(in_shop, owner, published):
    invitation = service.invite("New@Example.com", "manager", by=owner)

    member = service.accept(token_of(service.invitation_link(invitation)), name="Nora", password=PASSWORD)

    assert (member.email, member.name, member.role) == ("new@example.com", "Nora", "manager")
    assert service.check_sign_in("new@example.com", PASSWORD).id == member.id
    assert queries.open_invitations() == []
    assert published()[-2:] == ["staff.invited", "staff.joined"]


def test_an_invitation_works_once(in_shop, owner):
    token = token_of(service.invitation_link(service.invite("new@example.com", "manager", by=owner)))
    service.accept(token, name="Nora", password=PASSWORD)

    with pytest.raises(LinkIsOver):
        service.accept(token, name="Nora", password=PASSWORD)


def test_a_person_with_an_account_joins_by_its_password(app, shop, other_shop, owner, make_member):
    make_member(email="both@example.com", at=other_shop)
    with app.app_context(), shop.entered():
        token = token_of(service.invitation_link(service.invite("both@example.com", "manager", by=owner)))

        with pytest.raises(WrongPassword):
            service.accept(token, name="Bo", password="a guess of mine")
        assert queries.staff_by_email("both@example.com") is None

        assert service.accept(token, name="Bo", password=PASSWORD).email == "both@example.com"


def test_inviting_again_replaces_the_invitation(in_shop, owner):
    first = service.invite("new@example.com", "manager", by=owner)
    second = service.invite("new@example.com", "owner", by=owner)

    assert first.id == second.id
    assert [one.role for one in queries.open_invitations()] == ["owner"]


def test_a_withdrawn_or_expired_invitation_opens_nothing(in_shop, owner):
    invitation = service.invite("new@example.com", "manager", by=owner)
    token = token_of(service.invitation_link(invitation))

    with clock.frozen(clock.now() + timedelta(days=8)), pytest.raises(LinkIsOver):
        service.invitation_of(token)
    service.withdraw(invitation.id, by=owner)
    db.flush()
    with pytest.raises(LinkIsOver):
        service.invitation_of(token)


def test_a_forged_invitation_opens_nothing(in_shop, owner):
    invitation = service.invite("new@example.com", "manager", by=owner)

    for forged in (links.sign("staff-reset", {"id": str(invitation.id)}, 60), "nonsense", ""):
        with pytest.raises(LinkIsOver):
            service.invitation_of(forged)


def test_a_member_is_not_invited_again(in_shop, owner):
    with pytest.raises(AlreadyHere):
        service.invite(in_shop.owner_email, "manager", by=owner)

    assert queries.open_invitations() == []


def test_nobody_grants_more_than_they_hold(app, shop, make_member):
    member = make_member()
    with app.app_context(), shop.entered():
        manager = queries.actor_of(queries.staff_by_id(member.id))
        owner_id = queries.staff_by_email(shop.owner_email).id

        with pytest.raises(MoreThanYouHold):
            service.invite("friend@example.com", "owner", by=manager)
        with pytest.raises(MoreThanYouHold):
            service.change_role(member.id, "owner", by=manager)
        with pytest.raises(MoreThanYouHold):
            service.change_role(owner_id, "manager", by=manager)
        with pytest.raises(MoreThanYouHold):
            service.remove(owner_id, by=manager)

        assert queries.staff_by_id(member.id).role == "manager"
        assert queries.staff_by_id(owner_id).is_owner


def test_programs_do_not_invite(in_shop):
    program = Actor("client", None, "Key", frozenset(access.catalogue_of_permissions()))

    with pytest.raises(MoreThanYouHold):
        service.invite("friend@example.com", "manager", by=program)


def test_the_last_owner_can_neither_leave_nor_step_down(in_shop, owner):
    with pytest.raises(LastOwner):
        service.remove(owner.id, by=owner)
    with pytest.raises(LastOwner):
        service.change_role(owner.id, "manager", by=owner)

    assert queries.staff_by_id(owner.id).is_owner


def test_with_a_second_owner_the_first_may_go(app, shop, owner, make_member):
    make_member(role="owner")
    with app.app_context(), shop.entered():
        service.remove(owner.id, by=owner)
        db.flush()

        assert queries.count_owners() == 1
        with pytest.raises(WrongSignIn):
            service.check_sign_in(shop.owner_email, shop.owner_password)


def test_two_owners_who_remove_each_other_leave_one(app, shop, owner, make_member):
    second = make_member(role="owner")
    barrier, refusals = threading.Barrier(2), []

    def remove(victim, by):
        with app.app_context():
            try:
                with shop.entered():
                    actor = queries.actor_of(queries.staff_by_id(by))
                    barrier.wait()
                    service.remove(victim, by=actor)
            except (LastOwner, NotFound) as refusal:
                refusals.append(refusal)
            finally:
                db.session.remove()

    pair = [threading.Thread(target=remove, args=args) for args in ((owner.id, second.id), (second.id, owner.id))]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()

    with app.app_context(), shop.entered():
        assert queries.count_owners() == 1
    assert len(refusals) == 1


def test_somebody_of_another_shop_is_not_found(app, shop, other_shop, owner, make_member):
    stranger = make_member(at=other_shop)

    with app.app_context(), shop.entered():
        for attempt in (
            lambda: service.remove(stranger.id, by=owner),
            lambda: service.change_role(stranger.id, "owner", by=owner),
            lambda: service.entry_link(stranger.id),
            lambda: service.rename(stranger.id, "X", by=owner),
        ):
            with pytest.raises(NotFound):
                attempt()

    with app.app_context(), other_shop.entered():
        assert queries.staff_by_id(stranger.id).role == "manager"


def test_a_reset_link_works_once(in_shop):
    member = queries.staff_by_email(in_shop.owner_email)
    token = token_of(credentials.reset_link(member, queries.account_by_id(member.account_id)))

    credentials.reset_password(token, "my new long password")

    assert service.check_sign_in(in_shop.owner_email, "my new long password").id == member.id
    with pytest.raises(LinkIsOver):
        credentials.reset_password(token, "yet another password")


def test_a_reset_link_ends_when_the_password_changes_otherwise_or_an_hour_passes(in_shop):
    member = queries.staff_by_email(in_shop.owner_email)
    token = token_of(credentials.reset_link(member, queries.account_by_id(member.account_id)))

    with clock.frozen(clock.now() + timedelta(minutes=61)), pytest.raises(LinkIsOver):
        credentials.member_of_reset(token)
    credentials.change_password(member, current=in_shop.owner_password, new="my new long password")
    with pytest.raises(LinkIsOver):
        credentials.member_of_reset(token)


def test_a_reset_link_of_one_shop_opens_nothing_at_another(app, shop, other_shop, make_member):
    make_member(email="both@example.com")
    make_member(email="both@example.com", at=other_shop)
    with app.app_context():
        with other_shop.entered():
            member = queries.staff_by_email("both@example.com")
            token = token_of(credentials.reset_link(member, queries.account_by_id(member.account_id)))
        with shop.entered(), pytest.raises(LinkIsOver):
            credentials.member_of_reset(token)


def test_a_password_changes_only_after_the_current_one(in_shop):
    member = queries.staff_by_email(in_shop.owner_email)

    with pytest.raises(WrongPassword):
        credentials.change_password(member, current="wrong", new="my new long password")

    assert service.check_sign_in(in_shop.owner_email, in_shop.owner_password)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "x" * 201, "ann@example.com"])
def test_a_poor_password_is_refused_with_a_sentence(password):
    assert credentials.password_problem(password, "ann@example.com").endswith(".")


def test_asking_for_a_reset_says_the_same_to_everybody(in_shop, published):
    for email in (in_shop.owner_email, "nobody@example.com"):
        assert credentials.ask_for_reset(email) is None

    assert published()[-2:] == ["staff.password_reset_asked"] * 2
