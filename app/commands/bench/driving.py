"""Driving a page: with wrk where it is installed, else with the generator of our own (load.py)."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from app.commands.bench.load import Line
from app.core.trouble import Trouble
from app.settings import ROOT

_SCRIPT = """
local requests = {%s}
local turn = 0
request = function()
  turn = turn + 1
  if turn > #requests then turn = 1 end
  return requests[turn]
end
done = function(summary, latency, all)
  local errors = summary.errors
  io.write(string.format('\\nFIGURES {"requests": %%d, "errors": %%d, "rps": %%.3f, "p50": %%.4f, "p99": %%.4f}\\n',
    summary.requests, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Request:
    """One HTTP request as it goes over the wire."""

    path: str
    host: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def raw(self) -> str:
        """Its bytes, as Latin-1 text."""
        headers = {"Host": self.host, "Accept-Encoding": "gzip, br"} | self.headers
        if self.body or self.method != "GET":
            headers |= {
                "Content-Length": str(len(self.body)),
                "Content-Type": headers.get("Content-Type", "application/x-www-form-urlencoded"),
            }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n{self.body}"


@dataclass(frozen=True)
class Driven:
    """What one run over one page gave. Times in milliseconds."""

    requests: int
    errors: int
    rps: float
    p50: float
    p99: float


def tool() -> str:
    """Which generator drives."""
    return "wrk" if shutil.which("wrk") else "our own generator"


def drive(requests: list[Request], port: int, *, connections: int, seconds: float, by: str = "") -> Driven:
    """Send the requests in turn for so many seconds; raises Trouble when most of them fail."""
    with_wrk = (by or tool()) == "wrk"
    driven = (_with_wrk if with_wrk else _with_our_own)(requests, port, connections, seconds)
    if driven.errors > driven.requests * 0.02:
        raise Trouble(f"{requests[0].method} {requests[0].path} failed {driven.errors} times of {driven.requests}.")
    return driven


def one_by_one(requests: list[Request], port: int, times: int) -> None:
    """Send exactly so many requests, each when the one before is answered; raises Trouble for one that fails."""
    address = ("127.0.0.1", port)
    line = Line(address)
    for request in itertools.islice(itertools.cycle(requests), times):
        line.send(request.raw.encode("latin-1"))
        while not line.is_answered():
            pass  # it waits for more by itself
        if not 200 <= line.status < 400:
            raise Trouble(f"{request.method} {request.path} answers {line.status or 'nothing'}.")
        if line.closes:
            line.socket.close()
            line = Line(address)
    line.socket.close()


def _with_wrk(requests: list[Request], port: int, connections: int, seconds: float) -> Driven:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "requests.lua"
        script.write_text(_SCRIPT % ",\n".join(_as_lua(one.raw) for one in requests))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        done = subprocess.run(
            [*command, "-s", str(script), f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=False
        )
    _, mark, figures = done.stdout.partition("FIGURES ")
    if not mark:
        raise Trouble(f"wrk failed: {(done.stdout + done.stderr).strip()[-500:]}")
    return Driven(**json.loads(figures))


def _as_lua(text: str) -> str:
    """A Lua string: every byte that could mean something else by its number."""
    plain = (letter if letter.isalnum() or letter in " /:;=.,-_?&%*()" else f"\\{ord(letter):03d}" for letter in text)
    return f'"{"".join(plain)}"'


def _with_our_own(requests: list[Request], port: int, connections: int, seconds: float) -> Driven:
    plan = {
        "host": "127.0.0.1",
        "port": port,
        "connections": connections,
        "seconds": seconds,
        "requests": [one.raw for one in requests],
    }
    done = subprocess.run(
        [sys.executable, "-P", str(ROOT / "app/commands/bench/load.py")],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"The load generator failed: {done.stderr.strip()[-500:]}")
    return Driven(**json.loads(done.stdout))
