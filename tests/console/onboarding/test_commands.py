"""`./livery tenants ...` as somebody types it."""

import json
import uuid

import pytest
from click.testing import CliRunner

from app.console.onboarding.commands import tenants
from app.platform.tenancy import queries
from tests.factories.tenancy import TENANT


@pytest.fixture
def run(app):
    """Type a command; the result."""
    with app.app_context():
        yield lambda *words, **options: CliRunner().invoke(tenants, words, **options)


@pytest.fixture
def slug():
    return f"c{uuid.uuid4().hex[:10]}"


def test_a_tenant_is_created_listed_suspended_and_resumed(run, slug):
    created = run("create", slug, "--name", "Acme", "--country", "DE")
    listed = json.loads(run("list", "--json").output)
    suspended = run("suspend", slug, "--because", "unpaid")

    assert created.exit_code == suspended.exit_code == 0
    assert f"http://{slug}.localhost:8000/" in created.output
    assert {"slug": slug, "name": "Acme", "status": "open"}.items() <= next(
        row for row in listed if row["slug"] == slug
    ).items()
    assert queries.tenant_named(slug).status == "suspended"
    assert run("resume", slug).exit_code == 0
    assert queries.tenant_named(slug).status == "open"


def test_the_list_for_people_names_address_and_state(run, shop):
    line = next(line for line in run("list").output.splitlines() if shop.slug in line)

    assert "open" in line
    assert shop.url("/") in line


def test_a_folder_is_applied_and_written_back(run, slug, make_pack, tmp_path):
    folder = make_pack("acme")

    first = run("apply", str(folder.path), "--as", slug)
    second = run("apply", str(folder.path), "--as", slug)
    exported = run("export", slug, str(tmp_path / "out"))

    assert "changed" in first.output
    assert "nothing was changed" in second.output
    assert exported.exit_code == 0
    assert (tmp_path / "out" / "images" / "red.jpg").is_file()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("create", "admin", "--name", "Acme"), "admin is reserved"),
        (("suspend", "nobody-here"), "no tenant called nobody-here"),
        (("export", "nobody-here"), "no tenant called nobody-here"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_status_1(run, words, part):
    refused = run(*words)

    assert refused.exit_code == 1
    assert part in refused.output
    assert "Traceback" not in refused.output


def test_a_mistake_in_a_pack_names_file_key_and_line(run, make_pack, tmp_path):
    folder = make_pack("acme").path
    (folder / "tenant.toml").write_text(TENANT.replace('city = "Bonn"', "city = 12"))

    refused = run("apply", str(folder))

    assert refused.exit_code == 1
    assert "tenant.toml, line 10" in refused.output
    assert "shop.address.city" in refused.output


def test_the_owners_password_comes_from_a_file_and_not_from_the_command_line(run, slug):
    created = run(
        "create",
        slug,
        "--name",
        "Acme",
        "--owner",
        f"o@{slug}.example",
        "--password-file",
        "-",
        input="a long enough sentence\n",
    )

    assert created.exit_code == 0
    assert "sentence" not in created.output
