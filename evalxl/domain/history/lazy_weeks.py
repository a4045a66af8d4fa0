"""The weeks of a long history, each folded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from weakref import WeakValueDictionary

from evalxl.domain.history.history import WeekHistory
from evalxl.domain.weeks import Week


class WeeksByNeed(MutableMapping[Week, WeekHistory]):
    """Weeks that are folded on demand. Of a year with thousands of people a run needs two or three weeks.

    A week with new events of this run stays in memory. Of the others the last few used are kept. While a week is in use, the same object is returned.
    """

    def __init__(self, known: Iterable[Week], make: Callable[[Week], WeekHistory], keep: int = 1) -> None:
        self._known, self._make, self._keep = set(known), make, keep
        self._changed: dict[Week, WeekHistory] = {}
        self._lately: dict[Week, WeekHistory] = {}
        self._held: WeakValueDictionary[Week, WeekHistory] = WeakValueDictionary()

    def __getitem__(self, week: Week) -> WeekHistory:
        if week in self._changed:
            return self._changed[week]
        if week not in self._known:
            raise KeyError(week)
        week_history = self._held.get(week)
        if week_history is None:
            while len(self._lately) >= self._keep:  # before the next is folded: two are enough in memory
                del self._lately[next(iter(self._lately))]
            week_history = self._held[week] = self._make(week)
        self._lately.pop(week, None)
        self._lately[week] = week_history
        return week_history

    def __setitem__(self, week: Week, week_history: WeekHistory) -> None:
        self._known.add(week)
        self._changed[week] = week_history

    def learned(self, week: Week) -> bool:
        """Whether this run added an event to a week."""
        return week in self._changed

    def let_go(self) -> None:
        """Release all weeks without new events from memory."""
        self._lately.clear()

    def __delitem__(self, week: Week) -> None:
        raise NotImplementedError  # the ledger never loses a week

    def __contains__(self, week: object) -> bool:
        return week in self._known

    def __iter__(self) -> Iterator[Week]:
        return iter(sorted(self._known))

    def __len__(self) -> int:
        return len(self._known)
