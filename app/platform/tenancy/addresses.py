"""Which addresses (slugs) a shop may have.

An address becomes a host name, so DNS rules come first (RFC 1123, RFC 5891).
"""

import re

from app.core.i18n import gettext

SHORTEST, LONGEST = 3, 40
SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")

RESERVED = frozenset(
    [
        "abuse",
        "account",
        "accounts",
        "admin",
        "administrator",
        "api",
        "app",
        "apps",
        "assets",
        "auth",
        "autoconfig",
        "autodiscover",
        "backoffice",
        "billing",
        "blog",
        "broadcasthost",
        "cdn",
        "cell",
        "checkout",
        "community",
        "console",
        "control",
        "customer",
        "customers",
        "dashboard",
        "demo",
        "dev",
        "developer",
        "developers",
        "dns",
        "docs",
        "download",
        "email",
        "example",
        "ftp",
        "git",
        "graphql",
        "health",
        "help",
        "host",
        "hostmaster",
        "http",
        "https",
        "images",
        "imap",
        "info",
        "internal",
        "invalid",
        "isatap",
        "localdomain",
        "localhost",
        "login",
        "mail",
        "mailbox",
        "manage",
        "media",
        "metrics",
        "mobile",
        "mx",
        "my",
        "news",
        "noreply",
        "ns",
        "ns1",
        "ns2",
        "ns3",
        "oauth",
        "onboarding",
        "operator",
        "ops",
        "owner",
        "pages",
        "payment",
        "payments",
        "platform",
        "pop",
        "pop3",
        "postmaster",
        "preview",
        "private",
        "production",
        "proxy",
        "public",
        "register",
        "root",
        "sales",
        "search",
        "secure",
        "security",
        "server",
        "shop",
        "signin",
        "signup",
        "smtp",
        "sso",
        "ssl",
        "staff",
        "staging",
        "start",
        "static",
        "stats",
        "status",
        "store",
        "storefront",
        "support",
        "sysadmin",
        "system",
        "tenant",
        "tenants",
        "test",
        "tls",
        "tmp",
        "usenet",
        "uucp",
        "webhook",
        "webhooks",
        "webmail",
        "webmaster",
        "wpad",
        "www",
        "www1",
        "www2",
    ]
)


def shape_problem(slug: str) -> str | None:
    """Why this text cannot be an address at all, in one sentence; None when its shape is fine."""
    if not slug:
        return gettext("Choose an address for the shop.")
    if not SHORTEST <= len(slug) <= LONGEST:
        return gettext("An address has %(shortest)s to %(longest)s characters.", shortest=SHORTEST, longest=LONGEST)
    if not SHAPE.fullmatch(slug):
        return gettext("Use small letters a to z, digits and hyphens, with a letter or digit first and last.")
    if "--" in slug:
        return gettext("Two hyphens in a row are not allowed in an address.")
    if slug.isdigit():
        return gettext("An address needs at least one letter.")
    if slug in RESERVED:
        return gettext("%(slug)s is reserved; choose another address.", slug=slug)
    return None


def variations(slug: str) -> list[str]:
    """Addresses close to this one, best first, each with a fine shape."""
    stem = slug.strip("-")[: LONGEST - 7].strip("-") or "my-shop"
    near = [f"{stem}-shop", f"the-{stem}", f"{stem}-store", f"shop-{stem}", *(f"{stem}-{n}" for n in range(2, 30))]
    return [address for address in near if shape_problem(address) is None]
