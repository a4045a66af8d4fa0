"""Explains errors of a command line in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evalxl.words import Lang, say

# typer's English messages about a wrong command line, and the rows of the catalogue with the message in both languages.
_CALLS = (
    (re.compile(r"Missing (?:argument|option|parameter) '([^']+)'"), "call.missing"),
    (re.compile(r"Missing command"), "call.no_words"),
    (re.compile(r"No such command '([^']+)'"), "call.no_command"),
    (re.compile(r"No such option: (\S+)"), "call.no_option"),
    (re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)"), "call.extra"),
    (re.compile(r"Invalid value for '([^']+)'"), "call.bad_value"),
    (re.compile(r"Option '([^']+)' requires an argument"), "call.no_value"),
)


@dataclass(frozen=True, slots=True)
class UsageProblem:
    """The error of a command line, in the reader's language."""

    text: str

    def shown(self, lang: Lang = "vi") -> str:
        for pattern, key in _CALLS:
            if match := pattern.match(self.text):
                return say(key, lang, name=match[1] if pattern.groups else "")
        return self.text
