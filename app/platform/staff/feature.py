"""The room's card."""

from app.core.feature import Feature, MenuEntry
from app.platform.staff import backoffice, jobs, models, opening
from app.platform.staff.backoffice import sessions

feature = Feature(
    name="staff",
    doors=(backoffice.door,),
    permissions={
        "staff.read": "See who works here",
        "staff.write": "Invite people, change their roles and remove them",
        "profile.write": "Change one's own name and password",
    },
    menu=(
        MenuEntry(
            "Staff", "staff_backoffice.index", icon="users", permission="staff.read", place=95, section="Settings"
        ),
    ),
    models=(models,),
    jobs=(jobs,),
    on_start=(sessions.register, opening.register),
)
