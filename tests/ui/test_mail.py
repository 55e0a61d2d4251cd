"""Mails: the shop's colours written out, since mail programs know no style sheets."""

import re

from flask import render_template_string

from app.core import access
from app.platform.branding import service
from app.ui.theme import BrandTokens

LETTER = """{% extends "ui/mail.html" %}{% block heading %}Thank you{% endblock %}
{% block main %}<p>We are on it.</p>{% endblock %}
{% block button_url %}https://shop.example/orders/1{% endblock %}{% block button_label %}See your order{% endblock %}"""


def test_a_mail_is_in_the_shops_colours_in_plain_hex(app, in_shop):
    service.publish_tokens(BrandTokens(colour="#a8492a", mode="dark"), by=access.system_actor("tests"))

    letter = render_template_string(LETTER)

    assert "background:#a8492a;color:#ffffff" in letter
    assert in_shop.name in letter
    assert not re.search(r"var\(|light-dark|<link|<style|<script", letter)
    assert "#120b09" not in letter, "mails stay on light paper for a dark brand too"


def test_a_mail_without_a_button_has_none(app, in_shop):
    letter = render_template_string(re.sub(r"\{% block button_url %\}.*?\{% endblock %\}", "", LETTER))

    assert '<a href=""' not in letter
    assert "See your order" not in letter


def test_no_mail_names_the_product(app, in_shop):
    assert not re.search(r"\blivery\b", render_template_string(LETTER), re.IGNORECASE)


def test_the_logo_of_a_mail_has_a_whole_address(app, in_shop):
    service.publish_tokens(BrandTokens(logo_key=f"brand/{'ab' * 32}.png"), by=access.system_actor("tests"))

    letter = render_template_string(LETTER, url=lambda path: f"https://shop.example{path}")

    assert re.search(r'<img src="https://shop\.example/_brand/\w+/96\.png"', letter)
