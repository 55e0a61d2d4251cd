"""Alive and ready, on any host, without a word about the product."""

import dataclasses

import pytest
from sqlalchemy.exc import OperationalError

from app import settings
from app.core import health


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.parametrize("host", ["platform", "shop", "stranger"])
def test_every_host_answers(platform_client, shop, path, host):
    names = {"platform": settings.current().domain, "shop": shop.host, "stranger": "stranger.example"}

    answer = platform_client.at(names[host]).get(path)

    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "livery" not in f"{answer.text}{answer.headers}".lower()


def test_ready_names_what_was_looked_at(client):
    assert client.get("/health/ready").json == {
        "status": "ready",
        "checks": {"database": "ok", "schema": "ok", "isolation": "ok", "files": "ok"},
    }


def test_a_database_that_is_away_is_not_ready_but_alive(client, monkeypatch):
    class Away:
        def connect(self):
            raise OperationalError("select 1", {}, Exception("the secret address of the database"))

    monkeypatch.setattr(health, "db", type("db", (), {"engines": {None: Away()}}))

    ready, live = client.get("/health/ready"), client.get("/health/live")

    assert ready.status_code == 503
    assert ready.json["checks"]["database"] == "failing"
    assert "secret" not in ready.text
    assert live.status_code == 200


def test_a_schema_of_another_release_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "newest_revisions", lambda: frozenset({"9999"}))

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": "ok", "schema": "failing", "isolation": "ok", "files": "ok"}


def test_a_table_without_its_policy_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.rowsecurity, "problems", lambda connection: ["table order lacks its policy"])

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json["checks"]["isolation"] == "failing"
    assert "order" not in answer.text


def test_a_folder_that_cannot_be_written_is_not_ready(app, tmp_path):
    configured = settings.current()
    settings.use(dataclasses.replace(configured, home=tmp_path / "gone"))
    try:
        with app.app_context():
            assert health.examine()["files"] is False
    finally:
        settings.use(configured)
