"""HTML for the overview page: the only module that imports htpy, which escapes every text.

Typed text is inert: it is a text node or an attribute's value, never markup. Style and script are files of this package, and the content policy
names them by their hashes, so a browser runs nothing else, also from `file://`. Marks that nobody sees, or that turn the reading direction, are shown.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

import htpy as h
from markupsafe import Markup

from evalxl.domain.names import visible_lines

Node = h.Node
__all__ = ["Node", "data_block", "document", "h", "typed"]


def typed(text: str, name: str = "span", **attributes: str) -> Node:
    """A text that somebody typed: it keeps its lines, and does not touch the reading direction of what stands beside it."""
    if not text:
        return ""
    element = getattr(h, name)
    classes = f"t {attributes.pop('class_', '')}".strip()
    return element(class_=classes, **attributes)[text]  # type: ignore[no-any-return]


def document(title: str, lang: str, facts: dict[str, str], feet: dict[str, str], body: Node) -> bytes:
    """The whole file.

    Args:
        feet: The words at the foot of a printed sheet, by the name that they have in the style.
        facts: `meta` entries, by name.
    """
    style, script = _part("css"), _part("js")
    for name, words in feet.items():
        style = style.replace(f"%{name}%", words)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    page = h.html(lang=lang)[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(http_equiv="Content-Security-Policy", content=policy),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.meta(name="referrer", content="no-referrer"),
            (h.meta(name=name, content=value) for name, value in facts.items()),
            h.title[title],
            h.style[Markup(style)],
        ],
        h.body[body, h.script[Markup(script)]],
    ]
    return visible_lines(str(page)).encode()


def data_block(name: str, value: Any) -> Node:
    """Rows for the script. The block is data and is never run; characters that could end it are written as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return h.script(type="application/json", id=name)[Markup(text)]


@cache
def _part(ending: str) -> str:
    """The page's style or script, without its comments and empty lines."""
    text = files(__package__).joinpath(f"page.{ending}").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("//"))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
