"""What the platform's own audit trail says about operators, plans and tenants."""

from app.core.feature import Trail
from app.core.i18n import mark

trail = Trail(
    is_of_platform=True,
    sentences={
        "operator.signed_in": mark("%(who)s signed in"),
        "operator.added": mark("%(who)s added the operator %(what)s"),
        "operator.password_set": mark("%(who)s gave the operator %(what)s another password"),
        "operator.factor_added": mark("%(who)s added a second step to their sign-in"),
        "operator.factor_removed": mark("%(who)s removed a second step from their sign-in"),
        "operator.factors_reset": mark("%(who)s took all second steps of %(what)s away"),
        "operator.recovery_code_used": mark("%(who)s used a recovery code"),
        "operator.recovery_codes_made": mark("%(who)s made new recovery codes"),
        "operator.session_ended": mark("%(who)s ended a session of %(what)s"),
        "operator.sessions_ended": mark("%(who)s ended all other sessions of %(what)s"),
        "operator.rule_changed": mark("%(who)s changed the rules for signing in"),
        "operator.trail_exported": mark("%(who)s took the audit trail out as a file"),
        "plan.made": mark("%(who)s made the plan %(what)s"),
        "plan.changed": mark("%(who)s changed the plan %(what)s"),
        "plan.removed": mark("%(who)s removed the plan %(what)s"),
        "plugin.stopped_everywhere": mark("%(who)s stopped the plugin %(what)s in every shop"),
        "plugin.let_go_on": mark("%(who)s let the plugin %(what)s go on in every shop"),
        "tenant.opened": mark("%(who)s opened the tenant %(what)s"),
        "tenant.suspended": mark("%(who)s suspended the tenant %(what)s"),
        "tenant.reopened": mark("%(who)s ended the suspension of the tenant %(what)s"),
        "tenant.plan_changed": mark("%(who)s gave the tenant %(what)s another plan"),
        "tenant.visit_asked": mark("%(who)s announced a visit to the tenant %(what)s"),
        "tenant.visit_begun": mark("%(who)s went into the back office of the tenant %(what)s"),
        "tenant.visit_ended": mark("%(who)s ended a visit to the tenant %(what)s"),
    },
    things={
        "operator": mark("Operator"),
        "operator_app": mark("Authenticator app"),
        "operator_code": mark("Recovery code"),
        "operator_passkey": mark("Passkey"),
        "console_rule": mark("Rule for signing in"),
        "plan": mark("Plan"),
        "plugin_stop": mark("Plugin"),
        "tenant": mark("Tenant"),
        "domain": mark("Own domain"),
    },
)
