"""Which version of a form counts: the one saved last, in whatever order the versions arrive (contract, *Versions and states*).

Each new version is compared with the one that counts and with earlier ones. If the order of two versions is unknown, the booked version stays,
and a person has to decide by removing one of them or saving one of them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evalxl.domain.evaluation.submissions import NARRATIVES
from evalxl.domain.versions.save_order import Saved, comes_after, later

Content = Mapping[str, Any]

Fate = Literal["counts", "same", "superseded", "older", "conflict"]
"""The result for a version:

- `counts`: it was saved last
- `same`: its typed content equals that of the version that counts
- `superseded`: another one was saved after it
- `older`: an earlier state was put in the place of the version that counts
- `conflict`: the order is unknown
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A valid, submitted form.

    Attributes:
        content: Its typed content.
        lies: Whether a file with it is in the folder.
        told: Whether an earlier run reported it as in conflict with another one.
        again: Whether it was saved over a version that was reported as in conflict or as an older state.
        known: Whether the same bytes came before.
        aside: Whether it is a temporary or backup file of a program, read because the form itself was missing.
    """

    saved: Saved
    content: Content
    lies: bool = True
    told: bool = False
    again: bool = False
    known: bool = False
    aside: bool = False


def fates(standing: Version | None, before: Sequence[Version], rivals: Sequence[Version]) -> list[Fate]:
    """The result for each rival.

    Args:
        standing: The version that counts; for a scored person, the latest that would count after a return.
        before: The superseded versions.
        rivals: The new and the undecided versions. No two of them have the same content.
    """
    if standing is not None and standing.aside and any(not version.aside for version in rivals):
        standing = None  # the form itself is there again
    found: dict[int, Fate] = {}
    over: set[int] = set()
    for number, version in enumerate(rivals):
        if standing is None:
            if version.again:
                over.add(number)
        elif version.content == standing.content:
            found[number] = "same"
        elif (at_its_place := version.saved.file == standing.saved.file and not version.told) or version.again:
            set_back = any(version.content == other.content for other in before) and not version.again
            if (at_its_place and set_back) or later(standing.saved, version.saved):
                found[number] = "older" if at_its_place else "superseded"
            else:
                over.add(number)
        elif version.known or (
            later(standing.saved, version.saved) and any(version.content == other.content for other in before)
        ):
            found[number] = "superseded"
    if standing is not None:
        standing = _saved_again(standing, [rivals[number] for number, fate in found.items() if fate == "same"])
    field = [number for number in range(len(rivals)) if number not in found]

    def overtakes(number: int, other: int) -> bool:
        version, two = rivals[number], rivals[other]
        return ((version.again or number in over) and two.told) or comes_after(version.saved, two.saved)

    def overtaken(number: int) -> bool:
        version = rivals[number]
        if any(overtakes(other, number) for other in field if other != number):
            return True
        if number in over:
            return False
        behind = standing is not None and (
            (standing.again and version.told) or comes_after(standing.saved, version.saved)
        )
        return behind or any(comes_after(other.saved, version.saved) for other in before)

    last = [number for number in field if not overtaken(number)]
    overtaken_standing = standing is None or any(
        number in over or comes_after(rivals[number].saved, standing.saved) for number in field
    )
    # Somebody removed the version that counted, and left this one.
    left_alone = standing is not None and not standing.lies and len(last) == 1 and _may_follow(rivals[last[0]])
    for number in field:
        if number not in last:
            found[number] = "superseded"
        else:
            found[number] = "counts" if len(last) == 1 and (overtaken_standing or left_alone) else "conflict"
    return [found[number] for number in range(len(rivals))]


def _may_follow(version: Version) -> bool:
    return version.told or not version.saved.is_conflict_copy


def _saved_again(standing: Version, same: Sequence[Version]) -> Version:
    """The version that counts, with the last save time of all files with the same content."""
    for version in same:
        here = version.saved.file == standing.saved.file
        if here or comes_after(version.saved, standing.saved):
            standing = Version(version.saved, standing.content, again=standing.again or here, aside=standing.aside)
    return standing


_TASK_FIELDS = {"unit_of_measure": "unit"}
_NOT_TYPED = ("key", "coefficient", "origin")


def differing(one: Content, other: Content) -> list[str]:
    """The names of the fields in which two forms differ, with the row if a field has several rows (`ev_task_name/03`)."""
    return list(dict.fromkeys(_differing(one, other)))


def _differing(one: Content, other: Content) -> Iterator[str]:
    scores = one["scores"], other["scores"]
    yield from (f"ev_self_{part}" for part in {**scores[0], **scores[1]} if scores[0].get(part) != scores[1].get(part))
    tasks = [{task["key"]: task for task in content["tasks"]} for content in (one, other)]
    for key in sorted({**tasks[0], **tasks[1]}):
        row: list[Mapping[str, Any]] = [each.get(key, {}) for each in tasks]
        for name in {**row[0], **row[1]}:
            if name not in _NOT_TYPED and row[0].get(name) != row[1].get(name):
                yield f"ev_task_{_TASK_FIELDS.get(name, name)}/{key}"
    plans = one["plan"], other["plan"]
    for number in range(max(len(plan) for plan in plans)):
        line: list[Mapping[str, Any]] = [plan[number] if number < len(plan) else {} for plan in plans]
        yield from (
            f"ev_plan_{name}/{number + 1:02d}"
            for name in {**line[0], **line[1]}
            if line[0].get(name) != line[1].get(name)
        )
    for name in (*NARRATIVES, "appeal", "appeal_week"):
        if one.get(name) != other.get(name):
            yield f"ev_{name}"
