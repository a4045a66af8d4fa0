"""The colours of all workbooks, as RRGGBB.

Each colour has a second sign beside it (a word, a border, bold or a pattern), so that a black-and-white print and a colour-blind reader lose
nothing. Blue stands against orange, never green against red.
"""

from __future__ import annotations

INK = "1F2933"
FAINT = "5F6B7A"  # what is less important: the self score beside a score, hints
RULE = "9AA7B5"  # borders of what is locked
WHITE = "FFFFFF"
LINK = "1D4E89"

# To be typed. The border is dark enough to show in black and white.
OPEN, OPEN_RULE = "FFF6D6", "9A7B1E"
NEEDED = "FFD9A0"  # to be typed, required now and still empty

HEADER = "DDE6EF"  # headers and sections; bold
NUMBERING = "EDF2F7"  # the row (1) (2) (3) below a header
NOT_ASKED = "D9DDE2"  # a cell that is not asked of this person
SCREEN_ONLY = "F3F0E6"  # headers of columns that are not printed

GIVEN, GIVEN_INK = "E4EEF8", "1D4E89"  # a task that the manager gave, an adjusted score; bold
DONE, DONE_INK = "DDEDE4", "14532D"  # handed in, scored, approved; bold
ALERT, ALERT_INK = "F7DFD3", "8A2C0D"  # returned, a breach, to be talked about; bold

# Degrees of completion in charts, best to worst, then none. The worst is hatched.
BANDS = ("1F4E79", "8DB3D1", "E3EAF1", "FBE9DF", "FFFFFF")
HATCHING = "C0562B"
BAND_RULE = "5F6B7A"
# The same in cells with a value, from 90, 75, 50 and below; the first is bold.
HEAT = ("9DC0DA", "DCE9F3", "FFFFFF", "F3C9B3")
