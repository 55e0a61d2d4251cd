"""Every distribution is built and installed by pip into a folder of its own, and found from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app.settings import ROOT
from tests.architecture.test_plugins import FOLDERS


def test_each_is_built_by_pip_and_found_by_the_command(tmp_path: Path, configured):
    sources = []
    for folder in FOLDERS:
        # Builds leave folders beside the source: not in the tree.
        shutil.copytree(
            folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
        )
        sources.append(str(tmp_path / folder.name))
    into = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(into), *sources]
    subprocess.run(pip, check=True, capture_output=True, timeout=200)

    paths = os.pathsep.join([str(into), str(ROOT)])
    command = [sys.executable, "-P", "-m", "app.cli", "plugins", "list"]
    environment = os.environ | configured.to_environment() | {"PYTHONPATH": paths}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)

    assert FOLDERS and told.returncode == 0, told.stderr
    for folder in FOLDERS:
        assert f"\n{folder.name} " in f"\n{told.stdout}", told.stdout
