"""What the audit trail says about staff."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    sentences={
        "staff.signed_in": mark("%(who)s signed in"),
        "staff.switched": mark("%(who)s went over to another shop"),
        "staff.joined": mark("%(who)s joined the shop’s staff"),
        "staff.invited": mark("%(who)s invited %(what)s"),
        "staff.invited_again": mark("%(who)s invited %(what)s once more"),
        "staff.invitation_withdrawn": mark("%(who)s took the invitation of %(what)s back"),
        "staff.removed": mark("%(who)s removed the colleague %(what)s"),
        "staff.renamed": mark("%(who)s changed the name of the colleague %(what)s"),
        "staff.language_changed": mark("%(who)s changed the language of the colleague %(what)s"),
        "staff.shortcuts_set": mark("%(who)s switched keyboard shortcuts on or off for %(what)s"),
        "staff.role_changed": mark("%(who)s gave %(what)s another role"),
        "staff.role_made": mark("%(who)s made the role %(what)s"),
        "staff.role_edited": mark("%(who)s changed the role %(what)s"),
        "staff.role_removed": mark("%(who)s removed the role %(what)s"),
        "staff.policy_changed": mark("%(who)s changed the rules for signing in"),
        "staff.password_changed": mark("%(who)s chose a new password"),
        "staff.address_proven": mark("%(who)s proved their e-mail address"),
        "staff.factor_added": mark("%(who)s added a second step to their sign-in"),
        "staff.factor_removed": mark("%(who)s removed a second step from their sign-in"),
        "staff.factors_reset": mark("%(who)s took all second steps of %(what)s away"),
        "staff.recovery_code_used": mark("%(who)s used a recovery code"),
        "staff.recovery_codes_made": mark("%(who)s made new recovery codes"),
        "staff.session_ended": mark("%(who)s ended a session of %(what)s"),
        "staff.sessions_ended": mark("%(who)s ended all other sessions of %(what)s"),
        "view.saved": mark("%(who)s saved a view of a list"),
        "view.forgotten": mark("%(who)s removed a saved view of a list"),
    },
    things={
        "staff_member": mark("Colleague"),
        "staff_invitation": mark("Invitation"),
        "staff_role": mark("Role"),
        "staff_authenticator": mark("Authenticator app"),
        "staff_passkey": mark("Passkey"),
        "staff_recovery_code": mark("Recovery code"),
    },
)
