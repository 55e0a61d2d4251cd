"""A browser without a screen: cookies, hidden fields, and what it would send again and again."""

from __future__ import annotations

import http.client
import re
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from app.commands.bench.driving import Request
from app.core.trouble import Trouble

_TOKEN = re.compile(r'name="_csrf"\s+value="([^"]+)"')
_HAS_FORM = "/admin/sign-in"


class Browser:
    """Visits one host of one site."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.milliseconds = 0.0
        """How long the last answer took to come, whole."""
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, **headers: str) -> str:
        """A page's text. Raises Trouble below 200 and from 400 on."""
        return self._send("GET", path, "", headers)[1]

    def post(self, path: str, fields: dict[str, Any]) -> tuple[str, str]:
        """Send a form as a page of ours does; answers where it leads to (or "") and the text."""
        if not self.token:
            found = _TOKEN.search(self.get(_HAS_FORM))
            if found is None:
                raise Trouble(f"{_HAS_FORM} holds no token.")
            self.token = found[1]
        return self._send("POST", path, urlencode({"_csrf": self.token, **fields}), {})

    def request(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Request:
        """The same as something to drive with, under this browser's cookies."""
        sent = self._headers() | {name.replace("_", "-"): value for name, value in headers.items()}
        if fields is None:
            return Request(path, self.host, headers=sent)
        return Request(path, self.host, "POST", sent, urlencode({"_csrf": self.token, **fields}))

    def _headers(self) -> dict[str, str]:
        headers = {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[str, str]:
        sent = {
            "Host": self.host,
            **self._headers(),
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if method == "POST":
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._line.request(method, path, body=body or None, headers=sent)
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self._line.close()
            self._line.request(method, path, body=body or None, headers=sent)
            answer = self._line.getresponse()
        text = answer.read().decode(errors="replace")
        self.milliseconds = (time.perf_counter() - began) * 1000
        if answer.status >= 400:
            raise Trouble(f"{method} {path} on {self.host} answers {answer.status}: {_said(text)}")
        for header in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return answer.headers.get("Location", ""), text


def _said(page: str) -> str:
    """The words of a page, for a message."""
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<head.*?</head>", " ", page)).split())[:300]
