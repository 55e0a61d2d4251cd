"""Every environment variable Livery reads: its name, type, default and meaning.

Nothing else in the product looks at `os.environ`. `current()` gives the settings of this process; the launcher and
the tests put their own in place with `use()`.
"""

import base64
import ipaddress
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("development", "production")
ROLES = ("all", "storefront", "backoffice", "api", "console", "worker")


class SettingsError(ValueError):
    """A variable is missing or cannot be understood; the message says which one and what it may be."""


def _variable(name: str, default: Any, meaning: str, *, one_of: tuple[str, ...] = (), secret: bool = False) -> Any:
    """Declare one environment variable; `docs/reference` and the error messages are made from it."""
    described = {"name": name, "meaning": meaning, "one_of": one_of, "secret": secret}
    return field(default=default, repr=not secret, metadata=described)


@dataclass(frozen=True)
class Settings:
    """One process's settings. Values that are secret never show up in its repr."""

    home: Path = _variable("LIVERY_HOME", ROOT / ".livery", "Folder of everything that changes: database, files, keys.")
    environment: str = _variable(
        "LIVERY_ENVIRONMENT", "development", "Production wants its own database and keys.", one_of=ENVIRONMENTS
    )
    role: str = _variable("LIVERY_ROLE", "all", "Which doors this process answers.", one_of=ROLES)
    domain: str = _variable("LIVERY_DOMAIN", "localhost", "Host of the platform; shops live one label below it.")
    host: str = _variable("LIVERY_BIND", "127.0.0.1", "Address that the web server listens on.")
    port: int = _variable("LIVERY_PORT", 8000, "Port that the web server listens on and that addresses show.")
    public_scheme: str = _variable(
        "LIVERY_PUBLIC_SCHEME",
        "",
        "Scheme of public addresses; empty: http in development, https in production.",
        one_of=("", "http", "https"),
    )

    database_url: str = _variable(
        "DATABASE_URL",
        "",
        "Database as livery_app: owns nothing, sees one tenant. Of several hosts by comma, the one that takes changes.",
        secret=True,
    )
    operator_url: str = _variable(
        "LIVERY_OPERATOR_URL", "", "Database as livery_operator: reports, backups.", secret=True
    )
    owner_url: str = _variable("LIVERY_OWNER_URL", "", "Database as livery_owner: migrations only.", secret=True)
    database_pool: int = _variable("LIVERY_DATABASE_POOL", 8, "Connections that one process keeps at most.")
    page_cache: str = _variable(
        "LIVERY_PAGE_CACHE", "on", "Keep finished pages of shops, and hear of changes.", one_of=("on", "off")
    )
    page_cache_mb: int = _variable("LIVERY_PAGE_CACHE_MB", 16, "Memory for finished pages in each web process.")
    redis_url: str = _variable("REDIS_URL", "", "Optional Redis for caches and limits.", secret=True)

    secret_key: str = _variable("LIVERY_SECRET_KEY", "", "Signs cookies and links.", secret=True)
    master_key: str = _variable(
        "LIVERY_MASTER_KEY", "", "Wraps each tenant's data key: 32 bytes in base64.", secret=True
    )

    smtp_url: str = _variable(
        "LIVERY_SMTP_URL", "", "smtp://user:password@host:587; empty keeps mail in the mailbox.", secret=True
    )
    mail_from: str = _variable("LIVERY_MAIL_FROM", "no-reply@localhost", "Sender where a shop has none of its own.")
    asset_base_url: str = _variable("LIVERY_ASSET_BASE_URL", "", "CDN in front of /static; empty: served from here.")
    trusted_hops: int = _variable("LIVERY_TRUSTED_HOPS", 0, "How many proxies in front may set X-Forwarded-*.")
    open_networks: str = _variable(
        "LIVERY_OPEN_NETWORKS", "", "Private networks that outgoing calls may reach, such as 10.1.0.0/16, by comma."
    )

    api_rate: int = _variable(
        "LIVERY_API_RATE", 6000, "Requests a minute that the programs of one shop may send, unless its plan says."
    )

    web_workers: int = _variable("LIVERY_WEB_WORKERS", 2, "Web processes.")
    web_threads: int = _variable("LIVERY_WEB_THREADS", 4, "Threads of each web process.")
    worker_queues: str = _variable("LIVERY_WORKER_QUEUES", "", "Queues of this worker by comma; empty: all of them.")
    worker_concurrency: int = _variable("LIVERY_WORKER_CONCURRENCY", 2, "Jobs that one worker runs at once.")
    log_level: str = _variable(
        "LIVERY_LOG_LEVEL",
        "INFO",
        "Least serious message that is logged.",
        one_of=("DEBUG", "INFO", "WARNING", "ERROR"),
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read every variable, with defaults; raise SettingsError with one sentence for the first bad one."""
        given = {one.name: _parsed(one, environ[_name(one)]) for one in fields(cls) if _name(one) in environ}
        settings = cls(**given | {name: _of_several(given[name]) for name in _DATABASES if name in given})
        settings._refuse_an_unsafe_production()
        return settings

    def to_environment(self) -> dict[str, str]:
        """The same settings as variables, to hand to a child process."""
        return {_name(one): str(getattr(self, one.name)) for one in fields(self)}

    @property
    def is_production(self) -> bool:
        """Production: cookies are secure, addresses are https, nothing is made up on the way."""
        return self.environment == "production"

    def public_origin(self, host: str) -> str:
        """Scheme, host and, where it is not the scheme's own, port: `http://acme.localhost:8000`."""
        scheme = self.public_scheme or ("https" if self.is_production else "http")
        usual = self.is_production or self.port == {"http": 80, "https": 443}[scheme]
        return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{self.port}"

    def _refuse_an_unsafe_production(self) -> None:
        if not self.is_production:
            return
        for name in ("database_url", "secret_key", "master_key"):
            if not getattr(self, name):
                variable = next(_name(one) for one in fields(self) if one.name == name)
                raise SettingsError(f"{variable} must be set when LIVERY_ENVIRONMENT is production.")
        unsafe = self._unsafe()
        if unsafe:
            raise SettingsError(f"{unsafe} LIVERY_ENVIRONMENT is production.")

    def _unsafe(self) -> str:
        """The first setting that production cannot have, as a sentence."""
        if len(self.secret_key) < _SHORTEST_KEY:
            return f"LIVERY_SECRET_KEY must have at least {_SHORTEST_KEY} characters."
        if not _is_key(self.master_key):
            return "LIVERY_MASTER_KEY must be 32 bytes in base64."
        if self.public_scheme == "http" and not _is_here(self.domain):
            return f"LIVERY_PUBLIC_SCHEME must be https: passwords would travel to {self.domain} in the clear."
        for name in _DATABASES:
            hosts, asked = _hosts_of(getattr(self, name))
            if not all(map(_is_here, hosts)) and asked.get("sslmode") not in _ENCRYPTED:
                variable = next(_name(one) for one in fields(self) if one.name == name)
                return f"{variable} leads to another machine: say ?sslmode=verify-full, or require at the least."
        redis = urlsplit(self.redis_url)
        if redis.hostname and not _is_here(redis.hostname) and redis.scheme != "rediss":
            return "REDIS_URL leads to another machine: say rediss:// for an encrypted connection."
        return ""


_DATABASES = ("database_url", "operator_url", "owner_url")
_SHORTEST_KEY = 32
_ENCRYPTED = {"require", "verify-ca", "verify-full"}


def _hosts_of(url: str) -> tuple[list[str], dict[str, str]]:
    """The machines that an address of a database names, without sockets, and what it asks for besides."""
    where, _, query = url.partition("?")
    asked = dict(parse_qsl(query))
    named = where.rpartition("://")[2].rpartition("@")[2].partition("/")[0]
    hosts = [re.sub(r":\d+$", "", one).strip("[]") for one in named.split(",")]
    hosts += asked.get("host", "").split(",")
    return [host for host in hosts if host and not host.startswith("/")], asked


def _of_several(url: str) -> str:
    """Of several servers the one that takes changes is wanted, and one that is gone is soon given up."""
    where, _, query = url.partition("?")
    asked = dict(parse_qsl(query))
    if "," not in where.rpartition("@")[2] and "," not in asked.get("host", ""):
        return url
    wanted = {"target_session_attrs": "read-write", "connect_timeout": "3"}
    added = "&".join(f"{name}={value}" for name, value in wanted.items() if name not in asked)
    return f"{where}?{'&'.join(filter(None, [query, added]))}"


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    """This machine itself, whose wires nobody else reads."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name(one: "Field[Any]") -> str:
    return str(one.metadata["name"])


def _parsed(one: "Field[Any]", text: str) -> Any:
    """The variable's text as the field's type; the default decides for an empty number or folder."""
    allowed = one.metadata["one_of"]
    if allowed and text not in allowed:
        choices = ", ".join(choice for choice in allowed if choice)
        raise SettingsError(f"{_name(one)} is {text!r}; it must be one of: {choices}.")
    if one.type is str:
        return text
    assert one.default is not MISSING
    if not text:
        return one.default
    if one.type is Path:
        return Path(text).expanduser().absolute()
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{_name(one)} is {text!r}; it must be a whole number.")
    if one.name == "port" and not 0 < int(text) < 65536:
        raise SettingsError(f"{_name(one)} is {text}; a port is between 1 and 65535.")
    return int(text)


def described() -> list[dict[str, Any]]:
    """Every variable with its name, type, default and meaning, in the order they are declared."""
    return [
        {**one.metadata, "field": one.name, "type": getattr(one.type, "__name__", one.type), "default": one.default}
        for one in fields(Settings)
    ]


_current: Settings | None = None


def current() -> Settings:
    """The settings of this process, read from the environment the first time."""
    global _current
    if _current is None:
        _current = Settings.from_environment(os.environ)
    return _current


def use(settings: Settings | None) -> None:
    """Put other settings in place; None reads the environment again at the next call."""
    global _current
    _current = settings


@dataclass(frozen=True)
class KeptSecrets:
    """What an installation makes up once and must never lose: `secrets.json` in its home, mode 0600."""

    secret_key: str = field(repr=False)
    master_key: str = field(repr=False)
    passwords: dict[str, str] = field(repr=False)


DATABASE_ROLES = ("postgres", "livery_owner", "livery_app", "livery_operator")


def kept_secrets(home: Path) -> KeptSecrets:
    """Read the home's secrets; make them up when it has none yet. Two first readers agree on one set."""
    path = home / "secrets.json"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _keep(path, _new_secrets())
    try:
        return KeptSecrets(**json.loads(path.read_text()))
    except (ValueError, TypeError) as broken:
        raise SettingsError(f"{path} is damaged: put its backup in place, nothing can be read without it.") from broken


def with_kept_secrets(settings: Settings) -> Settings:
    """The same settings with the home's keys wherever the environment gives none."""
    kept = kept_secrets(settings.home)
    return replace(
        settings,
        secret_key=settings.secret_key or kept.secret_key,
        master_key=settings.master_key or kept.master_key,
    )


def _new_secrets() -> dict[str, Any]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "master_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        "passwords": {role: secrets.token_urlsafe(24) for role in DATABASE_ROLES},
    }


def _keep(path: Path, content: dict[str, Any]) -> None:
    """Write the file whole or not at all, and leave one that somebody else wrote first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
