"""The slips that are tried: those of cosmic-ray that a programmer could make and a reader could miss, and two of our own.

Left out is what every test would notice (`is None` turned into `< None`) and what no test can notice: unions in annotations, what stands in a
decorator (`frozen=True`), `strict=True`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.tree import BaseNode, NodeOrLeaf

Position = tuple[int, int]

_COMPARED = {
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
    "Lt": ("LtE", "GtE"),
    "LtE": ("Lt", "Gt"),
    "Gt": ("GtE", "LtE"),
    "GtE": ("Gt", "Lt"),
    "Is": ("IsNot",),
    "IsNot": ("Is",),
}
_COUNTED = {"Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Div", "Mod": "FloorDiv"}
_OF_THE_TOOL = (
    *(f"ReplaceComparisonOperator_{one}_{other}" for one, others in _COMPARED.items() for other in others),
    *(f"ReplaceBinaryOperator_{one}_{other}" for one, other in _COUNTED.items()),
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceContinueWithBreak",
    "ReplaceBreakWithContinue",
    "ZeroIterationForLoop",
)


class LeaveOutCondition(Operator):
    """One of several conditions joined by `and` or `or` is forgotten."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Position, Position]]:
        if node.type in ("and_test", "or_test") and isinstance(node, BaseNode):
            yield from ((part.start_pos, part.end_pos) for part in node.children[::2])

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        return _without(node, index)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class LeaveOutWord(Operator):
    """One of the words of a fixed list is forgotten: a state, a flag, a verdict."""

    def mutation_positions(self, node: NodeOrLeaf) -> Iterator[tuple[Position, Position]]:
        if node.type in ("testlist_comp", "dictorsetmaker") and isinstance(node, BaseNode):
            words = node.children[::2]
            if all(_is_word(word) for word in words) and _commas(node):
                yield from ((word.start_pos, word.end_pos) for word in words)

    def mutate(self, node: BaseNode, index: int) -> BaseNode:
        return _without(node, index)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _is_word(node: NodeOrLeaf) -> bool:
    return node.type == "string" or (node.type == "name" and node.get_code().strip().isupper())


def _commas(node: BaseNode) -> bool:
    return all(comma.type == "operator" and comma.get_code().strip() == "," for comma in node.children[1::2])


def _without(node: BaseNode, index: int) -> BaseNode:
    """The node without its part at `index` and the word that joins it; a tuple of one stays a tuple."""
    children = list(node.children)
    del children[2 * index : 2 * index + 2]
    if len(children) % 2 == 0 and node.type in ("and_test", "or_test"):
        del children[-1]
    code = "".join(child.get_code() for child in children)
    if node.type == "testlist_comp" and len(children) == 1:
        code += ","
    return parso.parse(f" {code.strip()}")


@dataclass(frozen=True)
class Mutant:
    """One slip in one place.

    Attributes:
        rank: By the seed. It hangs on the definition in which the slip is made, not on the line: other code may change beside it.
    """

    module: str
    definition: str
    operator: str
    occurrence: int
    line: int
    rank: str

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line} {self.definition} {self.operator}"


def operator(name: str) -> Operator:
    own = {"LeaveOutCondition": LeaveOutCondition, "LeaveOutWord": LeaveOutWord}
    return own[name]() if name in own else get_operator(f"core/{name}")()


def mutants_of(module: str, code: str, seed: int) -> list[Mutant]:
    """One mutant for each place of a module in which a slip can be made."""
    tree, lines = get_ast(code), code.splitlines()
    found: dict[tuple[Position, Position], Mutant] = {}
    nodes = list(ast_nodes(tree))
    for name in (*_OF_THE_TOOL, "LeaveOutCondition", "LeaveOutWord"):
        slip = operator(name)
        in_definition: dict[str, int] = {}
        places = ((node, at) for node in nodes for at in slip.mutation_positions(node))
        for occurrence, (node, (start, end)) in enumerate(places):
            definition = ASTQuery(node).get_definition_name() or ""
            number = in_definition[definition] = in_definition.get(definition, 0) + 1
            line = lines[start[0] - 1]
            if line.lstrip().startswith("@") or re.search(r"strict=$", line[: start[1]]):
                continue
            rank = sha256(f"{seed} {module} {definition} {name} {number}".encode()).hexdigest()
            mutant = Mutant(module, definition, name, occurrence, start[0], rank)
            found[start, end] = min(found.get((start, end), mutant), mutant, key=lambda one: one.rank)
    return list(found.values())


def altered(code: str, mutant: Mutant) -> str:
    """The module's code with the slip."""
    code_with_slip: str | None = mutate_code(code, operator(mutant.operator), mutant.occurrence)
    if code_with_slip is None:
        raise LookupError(f"there is no such place any more: {mutant.name}")
    return code_with_slip
