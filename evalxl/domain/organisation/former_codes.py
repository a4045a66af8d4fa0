"""Staff codes that changed (*Mã cũ*): which codes belong to one person.

A week keeps the codes that its forms were issued with. Results over several weeks follow the person.
"""

from __future__ import annotations

from collections.abc import Mapping

from evalxl.domain.names import code_key
from evalxl.domain.organisation.people import Organisation

# By code key: the keys of the other codes of the same person, the latest first.
Others = Mapping[str, tuple[str, ...]]


def codes_now(organisation: Organisation) -> dict[str, str]:
    """By key of a former code: the present code of the person."""
    follows = {code_key(old): post.code for post in organisation.posts if post.former for old in post.former_codes}
    present_codes = {}
    for old, code in follows.items():
        passed = {old}
        while (key := code_key(code)) in follows and key not in passed:
            passed.add(key)
            code = follows[key]
        if code_key(code) != old:
            present_codes[old] = code
    return present_codes


def other_codes(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """By key of each code of a person whose code changed: the keys of the other codes, the present code first."""
    together: dict[str, list[str]] = {}
    for old, code in codes_now(organisation).items():
        together.setdefault(code_key(code), []).append(old)
    groups = [[code, *reversed(olds)] for code, olds in together.items()]
    return {code: tuple(other for other in group if other != code) for group in groups for code in group}
