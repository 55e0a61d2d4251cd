"""Plugins that come with pip: found by entry point, refused when they are wrong, and a new one to begin with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.bundled.bank_transfer.gateway import BankTransfer
from app.core import db
from app.core.access import public
from app.core.errors import NotFound
from app.core.trouble import Trouble
from app.platform.plugins import commands, declaring, drafting, standing
from app.platform.plugins.declaring import Plugin, WrongDeclaration
from app.pluginapi import discovery
from app.pluginapi.doors import PluginDoor
from app.pluginapi.testing import conformance
from app.settings import ROOT

SHIPPED = ("testpay", "bank_transfer", "flat_shipping", "weight_shipping")


@pytest.fixture
def distribution(tmp_path, monkeypatch):
    """Put a distribution with one entry point where Python finds it: `distribution("name", "its module")`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names = []

    def put(name: str, module: str) -> None:
        (tmp_path / f"stranger_{name}.py").write_text(module)
        info = tmp_path / f"stranger_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: stranger-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[livery.plugins]\n{name} = stranger_{name}:plugin\n")
        names.append(name)

    yield put
    for name in names:
        declaring.forget(name)
        declaring._refused.pop(name, None)
        sys.modules.pop(f"stranger_{name}", None)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands.plugins, arguments)
    return result.exit_code, result.output + (str(result.exception) if result.exception else "")


def test_an_installed_distribution_is_found_and_a_broken_one_is_named_and_hurts_nobody(app, distribution):
    distribution("friendly", "from app.pluginapi import Plugin\nplugin = Plugin('friendly', '1.0', title='Friendly')\n")
    distribution("explosive", "raise RuntimeError('boom')\n")
    distribution("outdated", "from app.pluginapi import Plugin\nplugin = Plugin('outdated', '1.0', api='9.0')\n")
    distribution(
        "greedy", "from app.pluginapi import Plugin\nimport sys\nplugin = Plugin('greedy', '1', jobs=(sys,))\n"
    )

    cards = discovery.discover()

    assert [card.name for card in cards] == ["friendly"]
    assert not declaring.installed_as("friendly").is_bundled
    with app.app_context():
        assert "friendly                 1.0" in run("list")[1]
        status, told = run("doctor")
    assert status == 1
    assert "explosive: cannot be loaded. RuntimeError: boom" in told
    assert "written for version 9.0" in told and "greedy: cannot be loaded." in told


def test_the_operator_stops_and_starts_a_plugin_from_the_command_line(app, install):
    install()
    with app.app_context():
        assert run("doctor")[0] == 0
        assert run("stop", "greeter", "--because", "It leaks.")[0] == 0
        assert "STOPPED: It leaks." in run("list")[1]
        assert "greeter: stopped since" in run("doctor")[1]
        assert run("start", "greeter")[0] == 0
        assert run("doctor")[0] == 0
        db.session.rollback()


def test_routes_of_a_plugin_stand_below_its_own_prefix_and_only_where_it_is_on(monkeypatch):
    door = PluginDoor("greeter")
    door.get("/hello")(public(lambda: "hello"))
    app = Flask("a house")
    app.register_blueprint(door)
    app.register_error_handler(NotFound, lambda refusal: ("gone", 404))
    is_on = [False]
    monkeypatch.setattr(standing, "is_on", lambda name: is_on[0])

    assert app.test_client().get("/x/greeter/hello").status_code == 404
    is_on[0] = True
    assert app.test_client().get("/x/greeter/hello").text == "hello"


def test_a_plugin_may_not_take_a_name_or_a_permission_of_ours(app, install):
    with pytest.raises(WrongDeclaration):
        declaring.declare(Plugin("testpay", "6.6"), is_bundled=False)
    with pytest.raises(WrongDeclaration):
        install("other", permissions={"orders.refund": "Take everything"})
    with pytest.raises(WrongDeclaration):
        install("../../etc")


class Believing(BankTransfer):
    """A gateway that believes everybody."""

    def verify_callback(self, account, callback):
        return None


def cases(plugin: Plugin) -> dict[str, object]:
    """The checks of the suite by name."""
    mark = conformance(plugin).pytestmark[0]
    return dict(zip(mark.kwargs["ids"], mark.args[1], strict=True))


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_with_the_shop_passes_the_conformance_suite(app, name):
    for check in cases(declaring.installed_as(name).plugin).values():
        check()


@pytest.mark.parametrize(
    ("check", "plugin"),
    [
        ("declaration", Plugin("quiet", "1.0")),
        ("gateway bank_transfer: callbacks", Plugin("x_1", "1", gateways=(Believing(),))),
        ("gateway bank_transfer: port", Plugin("x_2", "1", gateways=(type("G", (), {"code": "bank_transfer"})(),))),
        ("slot shop.footer", Plugin("x_3", "1", slots={"shop.footer": lambda told: "<script>x</script>"})),
    ],
)
def test_the_conformance_suite_finds_what_is_wrong(check, plugin):
    with pytest.raises((AssertionError, pytest.fail.Exception, AttributeError)):
        cases(plugin)[check]()


def test_the_conformance_suite_finds_an_import_of_ours_wherever_it_stands(distribution):
    declared = "plugin = Plugin('%s', '1', tasks={'go': go})\n"
    good = "import json\nfrom app.pluginapi import Plugin, db\ndef go():\n    return json\n"
    distribution("modest", good + declared % "modest")
    distribution("curious", good + "def peep():\n    from app.core import isolation\n" + declared % "curious")

    discovery.discover()

    cases(declaring.installed_as("modest").plugin)["imports"]()
    with pytest.raises(AssertionError, match=r"app\.core\.isolation"):
        cases(declaring.installed_as("curious").plugin)["imports"]()


def test_a_new_plugin_is_a_distribution_whose_own_tests_pass(tmp_path):
    folder = drafting.write("clay_notes", tmp_path)

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
    assert "livery.plugins" in (folder / "setup.cfg").read_text()
    with pytest.raises(Trouble):
        drafting.write("clay_notes", tmp_path)
    with pytest.raises(Trouble):
        drafting.write("No Name", Path(tmp_path))
