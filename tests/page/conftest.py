"""The states of a week that these tests begin with."""

from __future__ import annotations

from tests.little_office import (  # noqa: F401
    _approved,
    _handed_in,
    _issued,
    _made,
    _scored,
    approved,
    handed_in,
    issued,
    made,
    scored,
)
