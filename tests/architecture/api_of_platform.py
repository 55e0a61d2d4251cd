"""What staff change in the rooms of the platform, and which operations of the API do the same.

A line is a list of operations, "METHOD path" below /api/v1, or a sentence that says why programs need none.
"""

IN_PERSON = "Whoever takes a colleague's second step away knows them: a stolen key must not open that door."
ONESELF = "A person does this for themselves, or to come in: a program has no profile, no sessions and no list views."

ALLOWED = "Letting the platform's operator in is decided by a person who proves who they are."
THEIRS = "The operator, who has no key, ends their own visit."

SAME: dict[str, list[str] | str] = {
    # branding
    "branding_backoffice.save": ["PUT /branding/draft"],
    "branding_backoffice.discard": ["DELETE /branding/draft"],
    "branding_backoffice.undo": ["POST /branding/draft/undo"],
    "branding_backoffice.upload_logo": ["POST /branding/draft/logo"],
    "branding_backoffice.remove_logo": ["DELETE /branding/draft/logo"],
    "branding_backoffice.publish": ["POST /branding/draft/publish"],
    "branding_backoffice.schedule": ["PUT /branding/draft/schedule"],
    "branding_backoffice.unschedule": ["DELETE /branding/draft/schedule"],
    "branding_backoffice.restore": ["POST /branding/versions/<int:number>/restore"],
    # texts in further languages
    "translating_backoffice.save": ["PUT /translations/<kind>/<thing_id>/<language>"],
    # plugins
    "plugins_backoffice.set_up": ["PUT /plugins/<plugin>/settings"],
    "plugins_backoffice.test": ["POST /plugins/<plugin>/test"],
    "plugins_backoffice.switch_on": ["POST /plugins/<plugin>/on"],
    "plugins_backoffice.pause": ["POST /plugins/<plugin>/pause"],
    "plugins_backoffice.switch_off": ["POST /plugins/<plugin>/off"],
    # webhooks
    "webhooks_backoffice.add": ["POST /webhooks"],
    "webhooks_backoffice.change": ["PUT /webhooks/<endpoint_id>"],
    "webhooks_backoffice.pause": ["POST /webhooks/<endpoint_id>/pause"],
    "webhooks_backoffice.resume": ["POST /webhooks/<endpoint_id>/resume"],
    "webhooks_backoffice.remove": ["DELETE /webhooks/<endpoint_id>"],
    "webhooks_backoffice.replay": ["POST /webhooks/<endpoint_id>/replay"],
    "webhooks_backoffice.rotate": ["POST /webhooks/<endpoint_id>/secret"],
    "webhooks_backoffice.test": ["POST /webhooks/<endpoint_id>/test"],
    "webhooks_backoffice.redeliver": ["POST /webhook-deliveries/<delivery_id>/redeliver"],
    # who may do what: keys, apps, colleagues, roles, ways to sign in, support
    "developers_backoffice.allow_origin": ["POST /api-origins"],
    "developers_backoffice.forbid_origin": ["DELETE /api-origins/<origin_id>"],
    "developers_backoffice.make": ["POST /api-keys"],
    "developers_backoffice.revoke": ["DELETE /api-keys/<key_id>"],
    "oauth_backoffice.make": ["POST /apps"],
    "oauth_backoffice.remove": ["DELETE /apps/<app_id>"],
    "oauth_backoffice.change_secret": ["POST /apps/<app_id>/secret"],
    "oauth_backoffice.change_key": ["POST /apps/signing-key"],
    "oauth_backoffice.withdraw": ["DELETE /apps/<app_id>/grants/<grant_id>"],
    "oauth_backoffice.withdraw_own": ONESELF,
    "oauth_backoffice.decide": ONESELF,
    "sso_backoffice.save": ["POST /sign-in-provider", "PUT /sign-in-provider", "POST /sign-in-provider/on"],
    "sso_backoffice.remove": ["DELETE /sign-in-provider"],
    "sso_backoffice.test": ["POST /sign-in-provider/test"],
    "staff_backoffice.invite": ["POST /staff/invitations"],
    "staff_backoffice.invite_again": ["POST /staff/invitations/<invitation_id>/again"],
    "staff_backoffice.withdraw": ["DELETE /staff/invitations/<invitation_id>"],
    "staff_backoffice.change_role": ["PUT /staff/<staff_id>/role"],
    "staff_backoffice.remove": ["DELETE /staff/<staff_id>"],
    "staff_backoffice.make_role": ["POST /staff/roles"],
    "staff_backoffice.edit_role": ["PUT /staff/roles/<role_id>"],
    "staff_backoffice.remove_role": ["DELETE /staff/roles/<role_id>"],
    "staff_backoffice.end_sessions_of": ["DELETE /staff/<staff_id>/sessions"],
    "staff_backoffice.reset_factors": IN_PERSON,
    "staff_backoffice.change_rules": ["PUT /staff/sign-in-rules"],
    "support_backoffice.allow": ALLOWED,
    "audit_backoffice.keep": ["PUT /audit/keeping"],
    "support_backoffice.end": ["POST /visits/<visit_id>/end"],
    "support_backoffice.leave": THEIRS,
    "support_backoffice.set_rule": ALLOWED,
    # oneself
    **dict.fromkeys(
        (
            "staff_backoffice.accept", "staff_backoffice.ask", "staff_backoffice.change_language",
            "staff_backoffice.change_name", "staff_backoffice.change_password", "staff_backoffice.change_shortcuts",
            "staff_backoffice.come_in", "staff_backoffice.come_in_by_passkey", "staff_backoffice.confirm_app",
            "staff_backoffice.end_other_sessions", "staff_backoffice.end_session", "staff_backoffice.forget_view",
            "staff_backoffice.make_codes", "staff_backoffice.make_passkey", "staff_backoffice.new_passkey_options",
            "staff_backoffice.passkey_options", "staff_backoffice.prove_address", "staff_backoffice.prove_again",
            "staff_backoffice.remove_app", "staff_backoffice.remove_passkey", "staff_backoffice.rename_passkey",
            "staff_backoffice.save_view", "staff_backoffice.set_new_password", "staff_backoffice.sign_out",
            "staff_backoffice.switch", "staff_backoffice.take_second_step", "staff_backoffice.undo_step",
        ),
        ONESELF,
    ),
}  # fmt: skip
