"""Staff codes that changed (*Mã cũ*): which codes are one person.

A week keeps the code that its forms were issued with. Whatever goes over several weeks follows the person.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation

# By key of a code: the keys of the other codes of the same person, the latest first.
Others = Mapping[str, tuple[str, ...]]


def codes_now(organisation: Organisation) -> dict[str, str]:
    """By key of a code that somebody had before: the code that the person has now."""
    follows = {code_key(old): post.code for post in organisation.posts if post.former for old in post.former_codes}
    found = {}
    for old, code in follows.items():
        passed = {old}
        while (key := code_key(code)) in follows and key not in passed:
            passed.add(key)
            code = follows[key]
        if code_key(code) != old:
            found[old] = code
    return found


def other_codes(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """By key of each code of somebody whose code changed: the keys of the others, the code of now first."""
    together: dict[str, list[str]] = {}
    for old, code in codes_now(organisation).items():
        together.setdefault(code_key(code), []).append(old)
    groups = [[code, *reversed(olds)] for code, olds in together.items()]
    return {code: tuple(other for other in group if other != code) for group in groups for code in group}
