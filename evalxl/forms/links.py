"""The way from one file of the office to another, for links in masters and on the overview page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

_SHARE = re.compile(r"\{[^{}/]+\}/")


def path_from(base: str, path: str, roots: Mapping[str, str]) -> str:
    """The way from a folder to a file, both written as the ledger writes them.

    Within one share the way is relative, so it holds wherever the share is mounted and when its folder is moved. A file on another share
    is named from that share's own folder.

    Args:
        roots: Folders of the shares by the mark that paths on them begin with (`{1}/`; nothing for the common share).

    Returns:
        The way; nothing where it is not known.
    """
    if path.startswith("/") or path[1:2] == ":":
        return path
    mark, home = _share(path), _share(base)
    if mark == home:
        # Both hang under one root, so the answer does not depend on where the program runs.
        return posixpath.relpath("/" + path, "/" + base) if path else ""
    return f"{roots[mark].rstrip('/')}/{path.removeprefix(mark)}" if mark in roots else ""


def _share(path: str) -> str:
    match = _SHARE.match(path)
    return match[0] if match else ""
