"""Settings: what the environment says, and what is made up once and kept."""

import base64
import re
import stat
from pathlib import Path

import pytest

from app import settings
from app.settings import Settings, SettingsError

COMPLETE = {
    "DATABASE_URL": "postgresql://livery_app@db/livery?sslmode=verify-full",
    "LIVERY_SECRET_KEY": "k" * 48,
    "LIVERY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
}


def test_an_empty_environment_gives_a_development_installation():
    configured = Settings.from_environment({})

    assert (configured.port, configured.domain, configured.role) == (8000, "localhost", "all")
    assert configured.home == settings.ROOT / ".livery"
    assert not configured.is_production


@pytest.mark.parametrize(
    ("variable", "text", "complaint"),
    [
        ("LIVERY_PORT", "eight", "LIVERY_PORT is 'eight'; it must be a whole number."),
        ("LIVERY_PORT", "-1", "LIVERY_PORT is '-1'; it must be a whole number."),
        ("LIVERY_PORT", "70000", "LIVERY_PORT is 70000; a port is between 1 and 65535."),
        ("LIVERY_PORT", "²", "LIVERY_PORT is '²'; it must be a whole number."),
        ("LIVERY_ROLE", "shop", "LIVERY_ROLE is 'shop'; it must be one of: all, storefront, "),
        (
            "LIVERY_ENVIRONMENT",
            "staging",
            "LIVERY_ENVIRONMENT is 'staging'; it must be one of: development, production.",
        ),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(variable, text, complaint):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: text})

    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize("missing", ["DATABASE_URL", "LIVERY_SECRET_KEY", "LIVERY_MASTER_KEY"])
def test_production_makes_nothing_up(missing):
    environ = {name: value for name, value in COMPLETE.items() if name != missing}

    with pytest.raises(SettingsError, match=f"{missing} must be set"):
        Settings.from_environment(environ | {"LIVERY_ENVIRONMENT": "production"})

    assert Settings.from_environment(COMPLETE | {"LIVERY_ENVIRONMENT": "production"}).is_production


@pytest.mark.parametrize(
    ("variable", "unsafe", "complaint", "safe"),
    [
        ("LIVERY_SECRET_KEY", "change-me", "LIVERY_SECRET_KEY must have at least 32", "c" * 32),
        ("LIVERY_MASTER_KEY", "bTE=", "LIVERY_MASTER_KEY must be 32 bytes", COMPLETE["LIVERY_MASTER_KEY"]),
        ("LIVERY_MASTER_KEY", "not base64", "LIVERY_MASTER_KEY must be 32 bytes", COMPLETE["LIVERY_MASTER_KEY"]),
        ("LIVERY_PUBLIC_SCHEME", "http", "LIVERY_PUBLIC_SCHEME must be https", "https"),
        ("DATABASE_URL", "postgresql://a@10.0.0.5/x", "DATABASE_URL leads to", "postgresql://a@127.0.0.1/x"),
        ("DATABASE_URL", "postgresql://a@db/x?sslmode=prefer", "DATABASE_URL leads to",
         "postgresql://a@db/x?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://a@127.0.0.1:5432,db:5433/x", "DATABASE_URL leads to",
         "postgresql://a@127.0.0.1:5432,[::1]:5433/x"),
        ("DATABASE_URL", "postgresql://a@/x?host=db", "DATABASE_URL leads to", "postgresql://a@/x?host=/run,/srv"),
        ("LIVERY_OWNER_URL", "postgresql://a@db/x", "LIVERY_OWNER_URL leads to", "postgresql:///x?host=/run/postgresql"),
        ("REDIS_URL", "redis://cache:6379/0", "REDIS_URL leads to", "rediss://cache:6379/0"),
    ],
)  # fmt: skip
def test_production_refuses_what_is_not_safe(variable, unsafe, complaint, safe):
    environ = COMPLETE | {"LIVERY_ENVIRONMENT": "production", "LIVERY_DOMAIN": "shops.example"}

    with pytest.raises(SettingsError, match=re.escape(complaint)):
        Settings.from_environment(environ | {variable: unsafe})

    assert Settings.from_environment(environ | {variable: safe}).is_production
    assert not Settings.from_environment(
        environ | {variable: unsafe, "LIVERY_ENVIRONMENT": "development"}
    ).is_production


def test_settings_survive_the_way_to_a_child_process():
    configured = Settings(home=Path("/srv/livery"), port=8123, database_url="postgresql://db", role="api")

    assert Settings.from_environment(configured.to_environment()) == configured


def test_secrets_do_not_show_in_a_log_line():
    shown = repr(Settings(secret_key="hidden-1", master_key="hidden-2", database_url="hidden-3", smtp_url="hidden-4"))

    assert "hidden" not in shown


@pytest.mark.parametrize(
    ("configured", "origin"),
    [
        (Settings(port=8000), "http://acme.localhost:8000"),
        (Settings(port=80), "http://acme.localhost"),
        (Settings(port=8000, environment="production"), "https://acme.localhost"),
        (Settings(port=443, public_scheme="https"), "https://acme.localhost"),
    ],
)
def test_public_addresses_show_the_port_only_where_it_is_needed(configured, origin):
    assert configured.public_origin("acme.localhost") == origin


def test_every_variable_is_described_and_named_like_the_others():
    for variable in settings.described():
        assert variable["meaning"].endswith("."), variable["name"]
        assert variable["name"].startswith("LIVERY_") or variable["name"] in {"DATABASE_URL", "REDIS_URL"}


def test_keys_are_made_up_once_and_closed_to_others(tmp_path):
    first = settings.kept_secrets(tmp_path)

    assert settings.kept_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(base64.b64decode(first.master_key)) == 32
    assert len(set(first.passwords.values())) == len(settings.DATABASE_ROLES)
    assert list(tmp_path.iterdir()) == [tmp_path / "secrets.json"]


def test_a_second_first_reader_takes_the_keys_of_the_first(tmp_path):
    settings.kept_secrets(tmp_path)
    kept = (tmp_path / "secrets.json").read_text()

    settings._keep(tmp_path / "secrets.json", settings._new_secrets())

    assert (tmp_path / "secrets.json").read_text() == kept


def test_a_key_from_the_environment_goes_before_the_kept_one(tmp_path):
    complete = settings.with_kept_secrets(Settings(home=tmp_path, secret_key="from-the-environment"))

    assert complete.secret_key == "from-the-environment"
    assert complete.master_key == settings.kept_secrets(tmp_path).master_key


def test_damaged_keys_are_a_sentence_and_not_replaced(tmp_path):
    (tmp_path / "secrets.json").write_text('{"secret_key"')

    with pytest.raises(SettingsError, match=r"secrets\.json is damaged"):
        settings.kept_secrets(tmp_path)

    assert (tmp_path / "secrets.json").read_text() == '{"secret_key"'


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgresql://a:p@one/x", "postgresql://a:p@one/x"),
        ("postgresql://a:p,q@one/x", "postgresql://a:p,q@one/x"),
        (
            "postgresql://a@one:1,two:2/x",
            "postgresql://a@one:1,two:2/x?target_session_attrs=read-write&connect_timeout=3",
        ),
        (
            "postgresql://a@/x?host=/one,/two&connect_timeout=9",
            "postgresql://a@/x?host=/one,/two&connect_timeout=9&target_session_attrs=read-write",
        ),
        (
            "postgresql://a@one,two/x?target_session_attrs=any",
            "postgresql://a@one,two/x?target_session_attrs=any&connect_timeout=3",
        ),
    ],
)
def test_of_several_databases_the_one_that_takes_changes_is_wanted(given, kept):
    assert Settings.from_environment({"DATABASE_URL": given}).database_url == kept
