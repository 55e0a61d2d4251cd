"""Hosts, and the context of a tenant."""

from __future__ import annotations

import uuid

import pytest

from app.core import isolation


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("Acme.LOCALHOST:8000", "acme.localhost"),
        ("acme.localhost.", "acme.localhost"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("", None),
        (None, None),
        (" acme.localhost", None),
        ("acme.localhost, evil.example", None),
        ("user@acme.localhost", None),
        ("http://acme.localhost", None),
        ("acme..localhost", None),
        ("acme.localhost:80a", None),
        ("-acme.localhost", None),
        ("[::1]:8000", None),
        ("a" * 256, None),
    ],
)
def test_a_host_is_read_one_way_or_refused(raw, host):
    assert isolation.normalise_host(raw) == host


def test_outside_a_tenant_there_is_none():
    with pytest.raises(isolation.NoTenant):
        isolation.tenant_id()


def test_a_tenant_is_left_again():
    tenant = uuid.uuid4()

    with isolation.entered(tenant):
        assert isolation.tenant_id() == tenant

    assert isolation.tenant_or_none() is None
