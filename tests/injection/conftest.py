"""The states of a week that these tests begin with."""

from __future__ import annotations

from tests.little_office import _issued, _made, issued  # noqa: F401
