"""The embedded PostgreSQL of one home: the wheel's programs, our own start and stop.

It listens on a unix socket only, asks everybody for a password, and stops when the process that started it ends.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from app import settings
from app.core.trouble import Trouble
from app.core.unprivileged import NobodyToRunAs, account_for, dies_with_parent, folder_for, programs_for

EXTENSIONS = ("pg_trgm", "unaccent", "pg_stat_statements")
NO_TENANT = "00000000-0000-0000-0000-000000000000"
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
LOG_SIZE = 10_000_000
PATIENCE = 60.0

# What each role may do; the rights on tables come with the migrations.
ROLES = {
    "livery_owner": "LOGIN BYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB",
    "livery_app": "LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB",
    "livery_operator": "LOGIN BYPASSRLS NOSUPERUSER NOCREATEROLE NOCREATEDB",
}
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_preload_libraries": "pg_stat_statements",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
INITDB = (
    "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8", "--no-instructions",
)  # fmt: skip


class DatabaseTrouble(Trouble):
    """The embedded database cannot be used; the message is one sentence with what to do next."""


class Server:
    """The database server of one home. Several processes may use it; the one that starts it owns it.

    `durable=False` is for tests: a power cut may lose what was committed.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.absolute()
        self.home.mkdir(parents=True, exist_ok=True)
        self.durable = durable
        try:
            self.account = account_for(self.home / "postgres" / "data")
        except NobodyToRunAs as nobody:
            raise DatabaseTrouble(str(nobody)) from nobody
        self.folder = folder_for(self.home, self.account)
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server, so that `stop()` ends it."""
        return self._process is not None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the database's files had to move out of the home."""
        return not self.folder.is_relative_to(self.home)

    @property
    def pid(self) -> int | None:
        """Process id of our server."""
        return None if self._process is None else self._process.pid

    @property
    def programs(self) -> Path:
        """The folder of `postgres`, `pg_dump` and the others, where the database's account can run them."""
        return programs_for(self.account)

    def start(self, *, alone: bool = False) -> "Server":
        """Start the server, or join the one that another process of this home runs.

        With `alone` it must become ours: wait for the other process to finish, then start. Raises DatabaseTrouble.
        """
        try:
            return self._start_or_join(alone)
        except PermissionError as closed:
            raise DatabaseTrouble(
                f"{closed.filename} belongs to another user: start Livery as that user, or set LIVERY_HOME elsewhere."
            ) from closed

    def stop(self) -> None:
        """Stop the server if it is ours: sessions are ended, everything committed is on disk."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def poll(self) -> int | None:
        """The exit status of our server, None while it runs."""
        return None if self._process is None else self._process.poll()

    def url(self, role: str, database: str) -> str:
        """libpq and SQLAlchemy address of one database as one role (`livery_app`, `livery_owner`, ...)."""
        password = settings.kept_secrets(self.home).passwords[role]
        return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(self._socket_folder()))}"

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """Create a database of livery_owner with our extensions; leave one that exists as it is."""
        with self._superuser("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return
            create = sql.SQL("CREATE DATABASE {} OWNER livery_owner TEMPLATE {}")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        with self._superuser(name) as connection:
            for extension in EXTENSIONS:
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            allow = sql.SQL("GRANT CONNECT ON DATABASE {} TO livery_app, livery_operator")
            connection.execute(allow.format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        with self._superuser("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def remove(self) -> None:
        """Stop our server and delete all of its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_or_join(self, alone: bool) -> "Server":
        deadline = time.monotonic() + PATIENCE
        while not self._become_owner():
            if not alone and self._answers():
                return self
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"Another process keeps the database in {self.folder}: stop it and try again.")
            time.sleep(0.05)
        try:
            self._end_an_orphan()
            self._prepare()
            self._launch()
            self._ensure_roles()
        except BaseException:
            self.stop()
            raise
        return self

    def _become_owner(self) -> bool:
        """Take the lock that the owner holds for as long as it lives."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self.folder, 0o755)
        lock = open(self.folder / "lock", "a")  # noqa: SIM115 - open means locked, for as long as the server runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _end_an_orphan(self) -> None:
        """Stop a server whose owner was killed; forget the pid file of one that is gone or whose number is reused."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
        deadline = time.monotonic() + PATIENCE
        asked = False
        while _is_postgres(pid, self.data):
            if not asked:
                os.kill(pid, signal.SIGINT)
                asked = True
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"An old database server (process {pid}) does not stop: end it and try again.")
            time.sleep(0.02)
        pid_file.unlink(missing_ok=True)

    def _prepare(self) -> None:
        """The first time, make the database cluster; half a cluster never gets the final name."""
        if self.data.exists():
            self._refuse_another_version()
            return
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own(draft)
        with self._password_file() as password_file:
            self._run("initdb", "--pgdata", str(draft), f"--pwfile={password_file}", *INITDB)
        draft.rename(self.data)

    def _refuse_another_version(self) -> None:
        ours = (self.data / "PG_VERSION").read_text().strip()
        theirs = self._run("postgres", "--version").split()[-1].split(".")[0]
        if ours != theirs:
            raise DatabaseTrouble(
                f"The database in {self.folder} is PostgreSQL {ours}, the programs are {theirs}: "
                "go back to the former release and make a backup first."
            )

    def _launch(self) -> None:
        """Start the server as a child that stops when we do, and wait until it takes connections."""
        configuration = CONFIGURATION | ({} if self.durable else NOT_DURABLE)
        configuration["unix_socket_directories"] = str(self._make_socket_folder())
        options = [part for name, value in configuration.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > LOG_SIZE:
            self.log.replace(self.log.with_suffix(".1"))
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),
                **self._as_account(),
            )
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise DatabaseTrouble(f"The database does not start; {self.log} says: {_last_line(self.log)}")
            time.sleep(0.01)

    def _is_ready(self, pid: int) -> bool:
        with contextlib.suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
        return False

    def _answers(self) -> bool:
        """Whether the server of another process takes connections by now."""
        try:
            self._superuser("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_roles(self) -> None:
        """Give the three roles their powers and passwords; no tenant set means the tenant that does not exist."""
        passwords = settings.kept_secrets(self.home).passwords
        try:
            connection = self._superuser("postgres")
        except psycopg.OperationalError as refused:
            raise DatabaseTrouble(
                f"{self.home / 'secrets.json'} does not open the database in {self.folder}: "
                "put the right file back, or delete that folder to begin anew."
            ) from refused
        with connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            for role, powers in ROLES.items():
                statement = sql.SQL(f"{'ALTER' if role in known else 'CREATE'} ROLE {{}} {powers} PASSWORD {{}}")
                connection.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
            connection.execute("GRANT pg_read_all_stats, pg_maintain TO livery_operator")
            connection.execute(f"ALTER ROLE livery_app SET app.tenant = '{NO_TENANT}'")

    def _superuser(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url("postgres", database), autocommit=True, connect_timeout=10)

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self.programs / program), *arguments]
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command, capture_output=True, text=True, check=False, **self._as_account()
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise DatabaseTrouble(f"{program} failed in {self.folder}: {reason}")
        return done.stdout

    def _as_account(self) -> dict[str, Any]:
        """How a program is started as the database's account, with nothing of our environment."""
        start: dict[str, Any] = {"env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, "cwd": "/"}
        if not self.account.is_us:
            start |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return start

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[str]:
        """The superuser's password in a file that only the account may read, for the length of initdb."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password.") as file:
            file.write(settings.kept_secrets(self.home).passwords["postgres"])
            file.flush()
            if not self.account.is_us:
                os.chown(file.name, self.account.uid, self.account.gid)
            yield file.name

    def _socket_folder(self) -> Path:
        """Where the socket is: in our folder, or in a short private one when its path is too long for a socket."""
        folder = self.folder / "socket"
        if _fits_a_socket(folder):
            return folder
        note = self.folder / "socket-folder"
        return Path(note.read_text()) if note.exists() else folder

    def _make_socket_folder(self) -> Path:
        """Make the socket's folder; a short one below /tmp is noted, and replaced when it is no longer our own."""
        folder = self._socket_folder()
        if folder.parent == self.folder and _fits_a_socket(folder):
            return self.account.own(folder)
        if not self.account.owns(folder):
            folder = Path(tempfile.mkdtemp(prefix="livery-", dir="/tmp"))
            (self.folder / "socket-folder").write_text(str(folder))
        return self.account.own(folder)


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether the process is the server of this data folder, not somebody who got its number later."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        alive = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
    return alive and os.path.basename(arguments[0]) == b"postgres" and os.fsencode(data) in arguments


def _fits_a_socket(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "nothing at all."
