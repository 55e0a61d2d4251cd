"""The room's card."""

from flask import Flask

from app.core import closing
from app.core.feature import Feature, MenuEntry
from app.core.i18n import mark
from app.platform.staff import api, backoffice, jobs, models, opening, queries, trail
from app.platform.staff.backoffice import keeping, sessions
from app.platform.tenancy import hooks as plan_hooks


def count_for_plans(app: Flask) -> None:
    """Let plans ask how much there is of what they limit."""
    plan_hooks.counts["staff"] = queries.count_for_plan


def stay_possible(app: Flask) -> None:
    """Whoever works in a suspended shop may come in, look, and go to another one."""
    entry = ("come_in", "sign_out", "take_second_step", "confirm_app", "prove_again", "switch", "end_other_sessions")
    forgotten = ("ask", "set_new_password")
    by_passkey = ("passkey_options", "come_in_by_passkey", "new_passkey_options", "make_passkey")
    closing.stays_possible(*(f"staff_backoffice.{name}" for name in (*entry, *forgotten, *by_passkey)))


feature = Feature(
    name="staff",
    doors=(backoffice.door, api.door),
    permissions={
        "staff.read": mark("See who works here"),
        "staff.write": mark("Invite people, change their roles and remove them"),
        "profile.write": mark("Change one's own name and password"),
    },
    menu=(
        MenuEntry(
            mark("Staff"),
            "staff_backoffice.index",
            icon="users",
            permission="staff.read",
            place=95,
            section=mark("Settings"),
        ),
    ),
    actions=(
        MenuEntry(
            mark("Your profile"),
            "staff_backoffice.profile",
            icon="user",
            permission="profile.write",
            words=mark("password name keyboard account"),
        ),
        MenuEntry(
            mark("Signing in"),
            "staff_backoffice.security",
            icon="lock",
            permission="profile.write",
            words=mark("second factor passkey authenticator app recovery codes sessions sign out"),
        ),
        MenuEntry(
            mark("Your other shops"),
            "staff_backoffice.shops",
            icon="store",
            permission="profile.write",
            words=mark("switch shop"),
        ),
        MenuEntry(
            mark("Roles"),
            "staff_backoffice.roles",
            icon="users",
            permission="staff.read",
            words=mark("permissions rights"),
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(sessions.register, keeping.register, opening.register, count_for_plans, stay_possible),
    trail=trail.trail,
)
