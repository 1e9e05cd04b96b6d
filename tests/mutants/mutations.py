"""The changes that can be made to a module: one operator, constant, condition or statement at a time."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}


@dataclass(frozen=True)
class Mutation:
    """A change of a module.

    Attributes:
        kind: What is changed.
        line: The line, from 1.
        before: The code that is replaced.
        after: What replaces it.
        text: The whole module after the change.
    """

    kind: str
    line: int
    before: str
    after: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.kind}: {_on_one_line(self.before)}  ->  {_on_one_line(self.after)}"


def mutations(text: str) -> list[Mutation]:
    """All changes that can be made to a module, in the order of its lines.

    Left out is what does nothing while the program runs (annotations, what is imported for types only), what only
    describes a class (`frozen=True`), and texts: they are messages.
    """
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    found = []
    for kind, node, new in _Finder().found(ast.parse(text)):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        data = text.encode()
        after = ast.unparse(new)
        inserted = f"({after})" if isinstance(new, ast.expr) else after
        changed = data[:begin] + inserted.encode() + data[end:]
        found.append(Mutation(kind, node.lineno, data[begin:end].decode(), after, changed.decode()))
    return sorted(found, key=lambda mutation: mutation.line)


Change = tuple[str, "ast.expr | ast.stmt", ast.AST]


class _Finder:
    """Finds the changes, from the top of a module down."""

    def found(self, node: ast.AST, *, in_function: bool = False) -> Iterator[Change]:
        # Before Python 3.12 nobody knows where in an f-string something stands.
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.If) and _is_for_types(node.test)):
            return
        in_function = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.expr):
            yield from _of_expression(node, in_function=in_function)
        if isinstance(node, ast.stmt):
            yield from _of_statement(node)
        yield from _of_condition(node)
        for child in _that_run(node):
            yield from self.found(child, in_function=in_function)


def _of_expression(node: ast.expr, *, in_function: bool) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                new = copy.copy(node)
                new.ops = [*ops[:index], COMPARISONS[type(op)](), *ops[index + 1 :]]
                yield "comparison", node, new
        case ast.BoolOp(op=op, values=values):
            yield "boolean", node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "boolean", node, operand
        case ast.Constant(value=bool(value)):
            yield "constant", node, ast.Constant(not value)
        case ast.Constant(value=int(number)):
            yield "constant", node, ast.Constant(number + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            # Outside of functions `|` joins types.
            if in_function or not isinstance(op, ast.BitOr | ast.BitAnd):
                yield "arithmetic", node, ast.BinOp(left, ARITHMETIC[type(op)](), right)


def _of_statement(node: ast.stmt) -> Iterator[Change]:
    match node:
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "return", node, ast.Return(ast.Constant(None))
        case ast.AugAssign(target=target, op=op, value=value):
            if type(op) in ARITHMETIC:
                yield "arithmetic", node, ast.AugAssign(target, ARITHMETIC[type(op)](), value)
            yield "removed", node, ast.Pass()
        case ast.Expr(value=value) if not isinstance(value, ast.Constant):
            yield "removed", node, ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "removed", node, ast.Pass()
        case ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            yield "removed", node, ast.Pass()


def _of_condition(node: ast.AST) -> Iterator[Change]:
    """Conditions inverted; those that are one comparison, or `not`, are among the expressions."""
    tests: list[ast.expr] = []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests = [node.test]
    elif isinstance(node, ast.comprehension):
        tests = node.ifs
    for test in tests:
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not single and not isinstance(test, ast.UnaryOp | ast.Constant):
            yield "condition", test, ast.UnaryOp(ast.Not(), test)


def _that_run(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that do something while the program runs."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "decorator_list"):
            continue
        if isinstance(node, ast.ClassDef) and name in ("bases", "keywords"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield part


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _on_one_line(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) <= 90 else line[:87] + "..."
