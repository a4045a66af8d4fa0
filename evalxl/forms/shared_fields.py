"""The fields that several kinds of workbooks have: the stamp, the head of those with rows, and what is booked in the owner's name."""

from __future__ import annotations

from evalxl.forms.field import Each, Field, Type, Who

E, L = Who.EVALXL, Who.LIVE
T = Type

STAMP: tuple[Field, ...] = (
    # The stamp, as names on a very hidden sheet; the same values stand in the custom document properties.
    Field("ev_stamp_kind", T.TEXT, E),
    Field("ev_stamp_form_id", T.TEXT, E),
    Field("ev_stamp_week", T.TEXT, E),
    Field("ev_stamp_subject", T.TEXT, E),
    Field("ev_stamp_template", T.TEXT, E),
    Field("ev_stamp_rulebook", T.TEXT, E),
    Field("ev_stamp_seal", T.TEXT, E),
    Field("ev_stamp_office", T.TEXT, E, optional=True),  # the office's id
)

ROW_HEAD: tuple[Field, ...] = (
    Field("ev_book_nation", T.TEXT, E, optional=True),
    Field("ev_book_motto", T.TEXT, E, optional=True),
    Field("ev_book_parent", T.TEXT, E, optional=True),
    Field("ev_book_office", T.TEXT, E, optional=True),
    Field("ev_book_contact", T.TEXT, E, optional=True),
    Field("ev_book_place_date", T.TEXT, E, optional=True),
    Field("ev_book_owner", T.TEXT, E),  # whose workbook it is
    Field("ev_book_owner_name", T.TEXT, E, optional=True),
    Field("ev_book_owner_title", T.TEXT, E, optional=True),
    Field("ev_book_week", T.TEXT, E),
    Field("ev_book_week_shown", T.TEXT, E, optional=True),
    Field("ev_book_deadline", T.TEXT, E, optional=True),
    Field("ev_book_left", T.TEXT, L, optional=True),  # "Đã chấm 12/20"
    # links to the owner's other workbooks of the week
    Field("ev_book_others", T.TEXT, E, "other_books", optional=True),
)

# What was booked in the owner's name, so that nobody can score or approve for somebody else unseen: by column, and what it holds.
EACH_BOOKED = "ev_booked_"
_BOOKED: tuple[tuple[str, Type], ...] = (
    ("ev_booked_event", T.NUMBER),  # the event's number in the ledger, which `explain` names too
    ("ev_booked_at", T.TEXT),
    ("ev_booked_week", T.TEXT),
    ("ev_booked_person", T.TEXT),
    ("ev_booked_name", T.TEXT),
    ("ev_booked_decision", T.TEXT),
    (EACH_BOOKED, T.SCORE),  # a column for each part
    ("ev_booked_total", T.SCORE),
    ("ev_booked_words", T.TEXT),  # comment, reason, breach, opinion
    ("ev_booked_source", T.TEXT),  # file, sheet and cells; who saved it last
    ("ev_booked_standing", T.TEXT),  # whether it counts now, else what took its place
)


def booked(table: str) -> tuple[Field | Each, ...]:
    columns = (
        Each(name, E, table, bound=False, optional=True)
        if name == EACH_BOOKED
        else Field(name, holds, E, table, optional=True, where="parts" if name == "ev_booked_total" else "")
        for name, holds in _BOOKED
    )
    return (Field("ev_booked_note", T.TEXT, E, optional=True), *columns)
