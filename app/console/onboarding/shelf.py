"""The pictures of a pack, as one shop keeps them."""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict
from typing import Any

from app.core import storage
from app.platform.tenancy import queries as tenancy
from app.platform.tenancy import service as tenancy_service
from app.platform.tenancy.packs import Folder
from app.shop.catalog import renditions

SETTING = "pack_files"
AT_ONCE = 4


class Shelf:
    """Encodes each file of a pack once, and knows which stored picture it became.

    What was stored is written into the shop's settings under the file's name and checksum, so that applying the same
    folder again finds it. A file that was exported is the stored master itself: its checksum is in the key.
    """

    def __init__(self, folder: Folder | None = None) -> None:
        """Start with what the shop remembers."""
        self.folder = folder
        self.kept: dict[str, Any] = dict(tenancy.current_shop().settings.get(SETTING, {}))

    def key_of(self, name: str, kind: str = renditions.KIND) -> str | None:
        """The key that a file of the pack is stored under already; None for one that is new or has changed."""
        content = self._content(name)
        checksum = hashlib.sha256(content).hexdigest()
        known = self.kept.get(name)
        if known and known["checksum"] == checksum:
            return str(known["key"])
        suffix = name.rpartition(".")[2].lower()
        key = f"{kind}/{checksum}.{suffix}"
        return key if suffix in storage.MEDIA_TYPES and storage.exists(key) else None

    def picture(self, name: str) -> dict[str, Any]:
        """Key, width, height and renditions of a file of the pack; stored now when it was not."""
        content = self._content(name)
        checksum = hashlib.sha256(content).hexdigest()
        known = self.kept.get(name)
        if known is None or known["checksum"] != checksum:
            key = self.key_of(name)
            stored = next((one for one in self.kept.values() if key and one["key"] == key), None)
            known = {**(stored or asdict(renditions.keep(content))), "checksum": checksum}
            self.kept[name] = known
        return {part: known[part] for part in ("key", "width", "height", "renditions")}

    def prepare(self, names: Iterable[str]) -> None:
        """Encode several new files at once: the encoder lets other threads run meanwhile."""
        fresh = [name for name in dict.fromkeys(names) if self.key_of(name) is None]
        with ThreadPoolExecutor(max_workers=AT_ONCE) as encoders:
            contexts = [copy_context() for _ in fresh]  # made here: a thread has no tenant of its own
            kept = encoders.map(
                lambda name, context: context.run(renditions.keep, self._content(name)), fresh, contexts
            )
            for name, stored in zip(fresh, kept, strict=True):
                checksum = hashlib.sha256(self._content(name)).hexdigest()
                self.kept[name] = {"checksum": checksum, **asdict(stored)}

    def remember(self, name: str, key: str) -> None:
        """A file was stored by somebody else, such as the logo."""
        checksum = hashlib.sha256(self._content(name)).hexdigest()
        self.kept[name] = {"checksum": checksum, "key": key, "width": 0, "height": 0, "renditions": []}

    def name_of(self, key: str, otherwise: str) -> str:
        """What to call a stored picture in a folder: its first name, else `otherwise`, with the suffix it has now."""
        found = next((name for name, known in self.kept.items() if known["key"] == key), otherwise)
        return f"{found.rpartition('.')[0] or found}.{key.rpartition('.')[2]}"

    def save(self) -> None:
        """Let the shop remember."""
        tenancy_service.keep_setting(SETTING, self.kept)

    def _content(self, name: str) -> bytes:
        if self.folder is None:
            raise LookupError("a shelf without a folder has no files")
        return self.folder.image(name)
