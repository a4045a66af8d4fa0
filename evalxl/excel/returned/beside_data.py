"""Reads the parts of a worksheet beside its cells: validations, merged cells, widths, conditional formats, links."""

from __future__ import annotations

from dataclasses import replace

from evalxl.excel.returned.notation import AREA, MAX_COLUMN, area_of, areas, check_formula, measure, whole
from evalxl.excel.returned.xml_pass import Refused
from evalxl.forms.workbook import Area, Conditional, Sheet, Validation, Weblink

MAX_MERGES = 2000
MAX_RULE = 1000  # characters kept of a validation's formula
MAX_RULES, MAX_RULED = 1000, 10_000  # validations of a sheet, and the areas of all of them
LOWEST, NARROWEST = 2.0, 0.3  # points and letters; anything smaller is invisible
MAX_LOOKS = 5000  # conditional formats and links of a sheet that are kept
_TEXTS_BESIDE = frozenset(("formula", "formula1", "formula2", "f", "sqref"))
_CONDITIONS = frozenset(("cfRule", "numFmt", "iconSet", "dataBar"))
_COLUMNS = frozenset(range(1, MAX_COLUMN + 1))


class Beside:
    """Reads the elements around the sheet's data."""

    def __init__(self) -> None:
        self.protected = False
        self.validations: list[Validation] = []
        self.merges: list[Area] = []
        self.hidden_columns: set[int] = set()
        self.conditionals: list[Conditional] = []
        self.links: list[Weblink] = []
        self.low = False  # rows without a height of their own are not visible
        self._narrow = False  # columns without a width of their own are not visible
        self._wide: set[int] = set()
        self._flat_columns: set[int] = set()
        self._ruled = 0  # areas of all validations
        self._conditioned: tuple[Area, ...] | None = None  # of the conditional format that the reader is in
        self._conditions = 0  # the number of rules before it
        self._marked = 0  # areas of all conditional formats and links
        self._taking: list[str] | None = None
        self._within = ""  # the element whose text is taken

    def sheet(self) -> Sheet:
        """The result: a sheet without cells."""
        return Sheet(
            "",
            "",
            {},
            self.protected,
            tuple(self.validations),
            tuple(self.merges),
            hidden_columns=frozenset(self.hidden_columns),
            flat_columns=frozenset(self._flat_columns | (_COLUMNS - self._wide if self._narrow else set())),
            low=self.low,
            conditionals=tuple(self.conditionals),
            links=tuple(self.links),
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        bare = tag.rpartition(" ")[2]
        if tag == "sheetProtection":
            self.protected = attributes.get("sheet", "0") in ("1", "true")
        elif bare == "dataValidation":
            self._rule(attributes.get("type", "none"), attributes.get("sqref", ""))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col":
            self._columns(attributes)
        elif tag == "sheetFormatPr":
            self.low = 0 <= measure(attributes.get("defaultRowHeight", "")) < LOWEST
            self._narrow = 0 <= measure(attributes.get("defaultColWidth", "")) < NARROWEST
        elif tag == "hyperlink":
            self._link(attributes)
        elif bare == "conditionalFormatting":
            self._conditioned, self._conditions = self._looked_at(attributes.get("sqref", "")), len(self.conditionals)
        elif self._conditioned is not None and bare in _CONDITIONS:
            self._condition(bare, attributes)
        if self._taking is None and bare in _TEXTS_BESIDE:
            self._taking, self._within = [], tag

    def text(self, data: str) -> None:
        if self._taking is not None:
            self._taking.append(data)

    def end(self, tag: str) -> None:
        bare = tag.rpartition(" ")[2]
        if bare == "conditionalFormatting":
            self._conditioned = None
        elif self._taking is not None and tag == self._within:
            text, self._taking = "".join(self._taking).strip(), None
            self._read_rule(bare, text)

    def _columns(self, attributes: dict[str, str]) -> None:
        columns = set(range(whole(attributes.get("min", "")), min(whole(attributes.get("max", "")), MAX_COLUMN) + 1))
        width = measure(attributes.get("width", ""))
        if attributes.get("hidden", "0") in ("1", "true"):
            self.hidden_columns |= columns
            self._wide |= columns
        elif width >= 0:
            self._wide |= columns
            self._flat_columns |= columns if width < NARROWEST else set()

    def _looked_at(self, places: str) -> tuple[Area, ...]:
        marked = areas(places)
        self._marked += len(marked)
        if self._marked > MAX_RULED or len(self.conditionals) + len(self.links) > MAX_LOOKS:
            raise Refused("file.too_many_cells", places)
        return marked

    def _link(self, attributes: dict[str, str]) -> None:
        relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
        for area in self._looked_at(attributes.get("ref", "")):
            self.links.append(Weblink(area, relation, attributes.get("location", "")))

    def _condition(self, tag: str, attributes: dict[str, str]) -> None:
        """Read a rule of a conditional format and its effect on numbers."""
        places = self._conditioned or ()
        if tag == "cfRule" and attributes.get("dxfId", "").isdecimal():
            self.conditionals.append(Conditional(places, whole(attributes["dxfId"])))
        elif tag == "numFmt":
            self.conditionals.append(Conditional(places, code=attributes.get("formatCode", "")))
        elif attributes.get("showValue", "1") in ("0", "false"):
            self.conditionals.append(Conditional(places, hides=True))

    def _merge(self, reference: str) -> None:
        match = AREA.fullmatch(reference)
        if not match:
            raise Refused("file.bad_xml", reference)
        if len(self.merges) >= MAX_MERGES:
            raise Refused("file.too_many_cells", reference)
        self.merges.append(area_of(match))

    def _rule(self, kind: str, places: str) -> None:
        if len(self.validations) >= MAX_RULES:
            raise Refused("file.too_many_cells", places)
        self.validations.append(Validation(kind, (), self._places(places)))

    def _places(self, text: str) -> tuple[Area, ...]:
        ruled = areas(text)
        self._ruled += len(ruled)
        if self._ruled > MAX_RULED:
            raise Refused("file.too_many_cells")
        return ruled

    def _read_rule(self, tag: str, text: str) -> None:
        """Read the formula or the areas of a rule. Newer programs write both in their own namespace."""
        if tag != "sqref":
            check_formula(text)
        if self._conditioned is not None:
            if tag == "sqref":
                places = self._looked_at(text)
                fresh = (replace(rule, areas=rule.areas or places) for rule in self.conditionals[self._conditions :])
                self.conditionals[self._conditions :] = list(fresh)
            return
        if not self.validations:
            return
        rule = self.validations[-1]
        if tag in ("formula1", "formula2"):
            self.validations[-1] = replace(rule, formulas=(*rule.formulas, text[:MAX_RULE])[:2])
        elif tag == "sqref" and not rule.areas:
            self.validations[-1] = replace(rule, areas=self._places(text))
