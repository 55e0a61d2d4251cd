"""A message in the shop's look: HTML for most readers, text for all of them."""

import re
from typing import Any

from flask import render_template

from app.core import isolation

_MANY_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")


def render(template: str, subject: str, context: dict[str, Any]) -> tuple[str, str]:
    """Render `<template>.html` and `<template>.txt`; returns (html, text).

    Both get `subject`, `shop_url`, and `url(path)`, which gives whole addresses on the shop's own host.
    """
    known = {"subject": subject, "url": isolation.tenant_url, "shop_url": isolation.tenant_url("/"), **context}
    html = render_template(f"{template}.html", **known)
    text = render_template(f"{template}.txt", **known)
    return html.strip() + "\n", _MANY_EMPTY_LINES.sub("\n\n", text).strip() + "\n"
