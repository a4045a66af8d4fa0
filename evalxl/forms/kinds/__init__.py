"""The kinds of workbooks of the package, one module each, found by listing this folder.

Exported here are those that other code names, because it deals with one of them alone. A kind need not be among them.
"""

from __future__ import annotations

from evalxl.forms.kinds.approval import APPROVAL as APPROVAL
from evalxl.forms.kinds.follow_up import FOLLOW_UP as FOLLOW_UP
from evalxl.forms.kinds.form import FORM as FORM
from evalxl.forms.kinds.form import UNIT_FORM as UNIT_FORM
from evalxl.forms.kinds.period_input import PERIOD_INPUT as PERIOD_INPUT
from evalxl.forms.kinds.scoring import SCORING as SCORING
