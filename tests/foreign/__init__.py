"""Programs that we did not write, from npm: they judge whether we speak the standards that we say we speak.

npm puts them below .livery the first time, at the versions that stand in the tests; nothing of them is part of the
product. `./livery test` makes sure that Node.js is there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JUDGES = ("@stoplight/spectral-cli@6.16.0", "@redocly/cli@2.77.0", "newman@6.2.2")
"""They judge the API's description; one folder for all of them, because that installs in a third of the time."""


def installed(*packages: str) -> Path:
    """A folder whose node_modules holds these packages ("openid-client@6.8.9"); scripts in it can import them."""
    folder = ROOT / ".livery" / "foreign" / "+".join(packages).replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            assert shutil.which("npm"), "this test needs npm: install Node.js 20 or newer"
            command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), *packages]
            subprocess.run(command, check=True, timeout=300, env=_environment())
            (folder / "done").touch()
    return folder


def _environment() -> dict[str, str]:
    """npm brings certificates of its own; behind a registry of one's own it needs the system's."""
    trusted = Path("/etc/ssl/certs/ca-certificates.crt")
    own = {"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted.is_file() else {}
    return own | dict(os.environ)
