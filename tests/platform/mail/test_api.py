"""Letters over the API: the list, what became of one, and sending it again; never what stands in it."""

from __future__ import annotations

from app.core import db
from app.platform.mail.models import FAILED, OutgoingMessage

MAILS = "/api/v1/mails"
SECRET = "https://shop.example/enter/a-link-that-signs-in"


def written(app, shop, status=FAILED, to="ada@example.com"):
    with app.app_context(), shop.entered():
        db.add(OutgoingMessage(
            key=f"test-{status}-{to}", template="staff/mail/reset", to=to, subject="Your link", html=SECRET,
            text=SECRET, status=status, attempts=8, error="550 unknown",
        ))  # fmt: skip
        db.checkpoint()


def test_letters_are_listed_and_sent_again_and_their_words_are_told_to_nobody(app, shop, program):
    api = program("mail.read", "mail.send")
    written(app, shop)
    written(app, shop, to="bob@example.com")
    found = api.get(f"{MAILS}?to=ada@example.com&status=failed")
    assert [(one["to"], one["error"]) for one in found.json["data"]] == [("ada@example.com", "550 unknown")]
    place = f"{MAILS}/{found.json['data'][0]['id']}"
    again = program("mail.read").post(f"{place}/resend")
    assert again.status_code == 403
    again = api.post(f"{place}/resend")
    assert (again.status_code, again.json["status"], again.json["attempts"]) == (202, "queued", 0), again.text
    assert api.post(f"{place}/resend").json["code"] == "mail_waits"
    page = api.get(f"{MAILS}?limit=1")
    assert len(page.json["data"]) == 1 and page.json["next_cursor"]
    assert all(SECRET not in one.text for one in (found, again, page, api.get(place)))
