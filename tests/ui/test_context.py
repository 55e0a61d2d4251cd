"""What templates may ask."""

import pytest

from app.ui import context


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/admin", "/admin"),
        ("/admin/orders/1001", "/admin/orders"),
        ("/admin/settings", "/admin/settings"),
        ("/admin/settings/payments/bank", "/admin/settings/payments"),
        ("/admin/settings-old", ""),
    ],
)
def test_the_menu_marks_the_one_entry_that_leads_closest(app, path, entry):
    menu = ["/admin", "/admin/orders", "/admin/settings", "/admin/settings/payments"]

    with app.test_request_context(path):
        assert context.nearest(menu) == entry


def test_a_name_that_no_template_asks_for_is_refused():
    with pytest.raises(KeyError):
        context.provide("nonsense", lambda: None)
