"""Text from people is made comparable and safe."""

import pytest

from app.core import text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Anna's Crème Brûlée & Co.", "annas-creme-brulee-co"),
        ("Straße Łódź", "strasse-lodz"),
        ("  --  ", ""),
        ("日本", ""),
    ],
)
def test_a_title_becomes_an_address(title, slug):
    assert text.slugify(title) == slug


def test_a_slug_is_cut_without_a_dangling_hyphen():
    assert text.slugify("aaaa bbbb", longest=5) == "aaaa"


def test_folded_text_ignores_case_accents_and_spaces():
    assert text.fold(" CRÈME\tbrûlée  Ærø") == "creme brulee aero"


def test_an_email_address_has_one_spelling():
    assert text.normalise_email(" Ann@BÜCHER.example ") == "ann@xn--bcher-kva.example"


def test_a_text_that_is_no_address_comes_back_trimmed():
    assert text.normalise_email(" Nobody ") == "nobody"


@pytest.mark.parametrize("address", ["ann@shop.example", "a.b+c@x.co.uk", "o'neil@bücher.example"])
def test_an_address_looks_like_one(address):
    assert text.looks_like_email(address)


@pytest.mark.parametrize("address", ["", "ann", "@x.y", "ann@x", "a b@x.y", "a@x.y\nBcc: b@x.y", "a@x..y", "a@b@x.y"])
def test_other_text_does_not_look_like_an_address(address):
    assert not text.looks_like_email(address)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        "<p style='position:fixed'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<img src='https://elsewhere.example/pixel.png'>",
        "<img src='//elsewhere.example/pixel.png'>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='/'></iframe>",
        "<form action='/x'><input></form>",
    ],
)
def test_html_that_could_do_harm_is_dropped(attack):
    cleaned = text.safe_html(attack).lower()

    for trace in ("script", "onclick", "style", "javascript", "elsewhere", "iframe", "<form", "<input"):
        assert trace not in cleaned


def test_html_that_a_shop_needs_stays():
    wanted = '<h2>Care</h2><ul><li><strong>Wash</strong> cold</li></ul><img src="/media/a.webp" alt="A mug">'

    assert text.safe_html(wanted) == wanted
    assert text.safe_html("<h1>Care</h1>") == "<h2>Care</h2>"


def test_markdown_becomes_html_and_html_inside_it_stays_text():
    html = text.markdown("# Care\n\n**Wash** <b onclick=x>cold</b>")

    assert "<h2>Care</h2>" in html
    assert "<strong>Wash</strong>" in html
    assert "&lt;b onclick=x&gt;" in html


@pytest.mark.parametrize("path", ["/", "/admin/orders?q=a%20b", "/a/../b", "/caf%C3%A9"])
def test_a_path_on_this_host_is_local(path):
    assert text.is_local_path(path)


@pytest.mark.parametrize(
    "path",
    [None, "", "admin", "//evil.example", "/\\evil.example", "/%2f/evil.example", "/%5cevil.example", "/a%0d%0ab",
     "/\t/evil.example", "https://evil.example", "/%25252f%25252fevil", "/" + "a" * 2001],
)  # fmt: skip
def test_anything_that_could_leave_this_host_is_not_local(path):
    assert not text.is_local_path(path)
