"""Letters to staff, as reactions to what happened."""

from app.core.events import reacts_to
from app.core.i18n import gettext, mark
from app.platform.mail import service as mail
from app.platform.staff import credentials, joining, queries, service
from app.platform.staff.events import (
    AddressToProve,
    PasswordResetAsked,
    StaffCameOnNewDevice,
    StaffFactorChanged,
    StaffInvited,
    StaffPasswordChanged,
)
from app.platform.tenancy.queries import current_shop

_FACTORS = {
    "app": mark("an authenticator app"),
    "passkey": mark("a passkey"),
    "recovery": mark("recovery codes"),
    "": mark("a second step"),
}
_CHANGES = {
    "added": mark("Added: %(factor)s. It is asked for from now on when you sign in."),
    "removed": mark("Removed: %(factor)s. It no longer lets you in."),
    "reset": mark("%(by)s took your second step away. You sign in with your password and make a new one."),
    "recovery_used": mark("One of your recovery codes was used to sign in. It works no more."),
    "recovery_made": mark("New recovery codes were made. All older ones work no more."),
}


@reacts_to(StaffInvited)
def send_invitation(fact: StaffInvited) -> None:
    """Mail the link that lets somebody join; nothing if the invitation is gone by now."""
    invitation = queries.invitation_by_id(fact.invitation_id)
    if invitation is None or invitation.has_expired:
        return
    inviter = queries.staff_by_id(invitation.invited_by)
    mail.send(
        "staff/mail/invitation",
        invitation.email,
        subject=gettext(
            "%(inviter)s invites you to %(name)s",
            inviter=inviter.name if inviter else gettext("A colleague"),
            name=current_shop().name,
        ),
        key=f"staff.invited:{fact.sending}",
        inviter=inviter.name if inviter else gettext("A colleague"),
        role=queries.role_of(invitation),
        link=service.invitation_link(invitation),
        expires_at=invitation.expires_at,
    )


@reacts_to(PasswordResetAsked)
def send_reset_link(fact: PasswordResetAsked) -> None:
    """Mail the link that sets a new password, to somebody who works here."""
    member = queries.staff_by_email(fact.email)
    account = queries.account_by_id(member.account_id) if member else None
    if member is None or account is None:
        return
    mail.send(
        "staff/mail/reset",
        member.email,
        is_urgent=True,
        subject=gettext("Set a new password for %(name)s", name=current_shop().name),
        key=f"staff.password_reset_asked:{fact.asking}",
        name=member.name,
        link=credentials.reset_link(member, account),
    )


@reacts_to(AddressToProve)
def ask_for_proof(fact: AddressToProve) -> None:
    """Mail the link that proves an address, to whoever reads its letters."""
    member = queries.staff_by_id(fact.staff_id)
    account = queries.account_by_id(member.account_id) if member else None
    if member is None or account is None or not joining.is_apart(account):
        return
    mail.send(
        "staff/mail/address",
        member.email,
        subject=gettext("Confirm your address for %(name)s", name=current_shop().name),
        key=f"staff.address_to_prove:{fact.proving}",
        name=member.name,
        link=joining.link(member, account),
    )


@reacts_to(StaffFactorChanged)
def tell_of_factor(fact: StaffFactorChanged) -> None:
    """Tell the person what changed about how they sign in, in case it was not them."""
    member = queries.staff_by_id(fact.staff_id)
    if member is None or (fact.change == "recovery_made" and not member.has_factor):
        return
    sentence = gettext(_CHANGES[fact.change], factor=gettext(_FACTORS[fact.factor]), by=fact.by)
    mail.send(
        "staff/mail/factor_changed",
        member.email,
        is_urgent=True,
        subject=gettext("How you sign in to %(name)s was changed", name=current_shop().name),
        key=f"staff.factor_changed:{fact.changing}",
        name=member.name,
        sentence=sentence,
    )


@reacts_to(StaffCameOnNewDevice)
def tell_of_new_device(fact: StaffCameOnNewDevice) -> None:
    """Tell the person that a browser came in that was not seen before."""
    member = queries.staff_by_id(fact.staff_id)
    if member is None:
        return
    mail.send(
        "staff/mail/new_device",
        member.email,
        is_urgent=True,
        subject=gettext("A new browser signed in to %(name)s", name=current_shop().name),
        key=f"staff.came_on_new_device:{fact.coming}",
        name=member.name,
        device=fact.device,
        address=fact.address,
    )


@reacts_to(StaffPasswordChanged)
def tell_of_new_password(fact: StaffPasswordChanged) -> None:
    """Tell the person, in case it was not them."""
    member = queries.staff_by_id(fact.staff_id)
    if member is None:
        return
    mail.send(
        "staff/mail/password_changed",
        member.email,
        is_urgent=True,
        subject=gettext("Your password was changed"),
        key=f"staff.password_changed:{fact.staff_id}:{fact.password_version}",
        name=member.name,
    )
