"""The contact sheet: one row a page, one column a state, and what is wrong below."""

from __future__ import annotations

from html import escape
from pathlib import Path

from tests.e2e.camera import STATES, Seen

STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem;
  background: Canvas; color: CanvasText; color-scheme: light dark }
section { margin-block: 2.5rem } h2 { font-size: 1rem; margin: 0 0 .6rem } h2 small { opacity: .7; font-weight: 400 }
.row { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1rem; align-items: start }
figure { margin: 0 } figcaption { font-size: .8rem; opacity: .7 }
img { width: 100%; max-height: 26rem; object-fit: cover; object-position: top;
  border: 1px solid #8886; border-radius: 6px }
li { color: #b3261e }
"""


def write(folder: Path, seen: list[Seen]) -> Path:
    """Write index.html beside the pictures."""
    by_page: dict[str, list[Seen]] = {}
    for one in seen:
        by_page.setdefault(one.shot.name, []).append(one)
    wrong = sum(bool(one.complaints) for one in seen)
    head = f"<h1>{len(by_page)} pages, {len(seen)} pictures</h1><p>{wrong} of them have something wrong.</p>"
    sections = "".join(_section(name, of_page) for name, of_page in by_page.items())
    path = folder / "index.html"
    path.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Screens</title>'
        f"<style>{STYLE}</style></head><body>{head}{sections}</body></html>"
    )
    return path


def _section(name: str, seen: list[Seen]) -> str:
    places = {state.name: number for number, state in enumerate(STATES)}
    figures = "".join(_figure(one) for one in sorted(seen, key=lambda one: places.get(one.state.name, 9)))
    wrong = "".join(f"<li>{escape(one.state.name)}: {escape(text)}</li>" for one in seen for text in one.complaints)
    address = escape(f"{seen[0].shot.host}{seen[0].shot.path}")
    heading = f"<h2>{escape(name)} <small>{address}</small></h2>"
    return f"<section>{heading}<div class=row>{figures}</div><ul>{wrong}</ul></section>"


def _figure(one: Seen) -> str:
    if one.picture is None:
        return f"<figure><figcaption>{escape(one.state.name)}: no picture</figcaption></figure>"
    file = escape(one.picture.name)
    picture = f'<a href="{file}"><img loading=lazy src="{file}" alt=""></a>'
    return f"<figure>{picture}<figcaption>{one.state.name}</figcaption></figure>"
