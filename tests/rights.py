"""Rights of files, for tests: whoever runs them, the administrator too, reads and writes only what the bits of a file allow."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522  # of Linux' capset(2): two words of 32 capabilities
_OVERRIDE, _READ_ANYTHING = 1, 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH

BITS_COUNT = os.name == "posix" and (sys.platform == "linux" or os.geteuid() != 0)
"""Whether `like_anybody` can make the bits count here. Windows has lists of rights instead."""


@contextmanager
def like_anybody() -> Iterator[None]:
    """Do without the administrator's rights over files, in this thread and those that it starts."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
    assert libc.capget(header, rights) == 0
    held = rights[0]
    rights[0] = held & ~(1 << _OVERRIDE | 1 << _READ_ANYTHING)
    assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        rights[0] = held
        assert libc.capset(header, rights) == 0
