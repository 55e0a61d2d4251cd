"""Letters to staff."""

import re

from app.core import events
from app.core.ids import new_id
from app.platform.staff import credentials, jobs, queries, service
from app.platform.staff.events import StaffInvited


def test_an_invitation_arrives_in_the_shops_name_with_a_link_on_its_own_host(app, shop, owner, run_jobs, outbox):
    with app.app_context(), shop.entered():
        service.invite("new@example.com", "manager", by=owner)

    run_jobs()

    letter = outbox.to("new@example.com")[0]
    assert letter.subject == f"Olive Owner invites you to {shop.name}"
    assert letter.status == "sent"
    for body in (letter.html, letter.text):
        assert shop.url("/admin/invitation/") in body
        assert "livery" not in body.lower()


def test_inviting_again_sends_a_second_letter_and_a_repeated_reaction_none(app, shop, owner, run_jobs, outbox):
    with app.app_context(), shop.entered():
        invitation = service.invite("new@example.com", "manager", by=owner)
        service.invite_again(invitation.id, by=owner)
    run_jobs()
    assert len(outbox.to("new@example.com")) == 2

    with app.app_context(), shop.entered():
        fact = StaffInvited(sending=new_id(), invitation_id=invitation.id)
        jobs.send_invitation(fact)
        jobs.send_invitation(fact)
    run_jobs()

    assert len(outbox.to("new@example.com")) == 3


def test_a_withdrawn_invitation_sends_nothing(app, shop, owner, run_jobs, outbox):
    with app.app_context(), shop.entered():
        service.withdraw(service.invite("new@example.com", "manager", by=owner).id, by=owner)

    run_jobs()

    assert outbox.to("new@example.com") == []


def test_a_reset_letter_goes_only_to_somebody_who_works_here(app, shop, other_shop, run_jobs, outbox):
    with app.app_context(), shop.entered():
        for email in (shop.owner_email, other_shop.owner_email, "nobody@example.com"):
            credentials.ask_for_reset(email)

    run_jobs()

    assert [letter.to for letter in outbox] == [shop.owner_email]
    link = re.search(r"http\S+/admin/reset-password/(\S+)", outbox[0].text)
    with app.app_context(), shop.entered():
        assert credentials.member_of_reset(link[1]).email == shop.owner_email


def test_a_changed_password_is_told_to_its_person(app, shop, run_jobs, outbox):
    with app.app_context(), shop.entered():
        member = queries.staff_by_email(shop.owner_email)
        credentials.change_password(member, current=shop.owner_password, new="my new long password")

    run_jobs()

    assert [letter.subject for letter in outbox] == ["Your password was changed"]


def test_every_letter_is_a_reaction():
    for name in ("staff.invited", "staff.password_reset_asked", "staff.password_changed"):
        assert events.reactions_to(name)
