"""Fetches the packages that Node runs in the tests."""

from __future__ import annotations

import sys

from tests.programs import ProgramError, fetch

try:
    fetch()
except ProgramError as slip:
    sys.exit(f"evalxl: {slip}")
