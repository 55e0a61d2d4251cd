"""Homes: folders of whole installations, which tests may start, kill and start again."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.postgres import Server
from app.settings import ROOT


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home below the checkout, where the database's own user can get to as well as it ever can."""
    (ROOT / ".livery").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=ROOT / ".livery"))
    os.chmod(folder, 0o755)
    yield folder
    Server(folder).remove()
    shutil.rmtree(folder, ignore_errors=True)
