"""Keywords that apply schemas to a value or its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validator.json_schema import budget

if TYPE_CHECKING:
    from validator.json_schema.protocols import Frame


def ref(frame: Frame, target: Any) -> None:
    frame.follow("$ref", target)


def recursive_ref(frame: Frame, target: Any) -> None:
    frame.follow("$recursiveRef", target)


def dynamic_ref(frame: Frame, target: Any) -> None:
    frame.follow("$dynamicRef", target)


def all_of(frame: Frame, schemas: Any) -> None:
    for number, schema in enumerate(schemas):
        frame.apply(schema, "allOf", str(number))


def any_of(frame: Frame, schemas: Any) -> None:
    branches = [frame.probe(schema, "anyOf", str(number)) for number, schema in enumerate(schemas)]
    if all(branches):
        frame.fail("anyOf", schemas, branches=branches)


def one_of(frame: Frame, schemas: Any) -> None:
    branches = [frame.probe(schema, "oneOf", str(number)) for number, schema in enumerate(schemas)]
    if sum(not branch for branch in branches) != 1:
        frame.fail("oneOf", schemas, branches=branches)


def not_(frame: Frame, schema: Any) -> None:
    if not frame.probe(schema, "not", keep=False):
        frame.fail("not", schema)


def if_(frame: Frame, condition: Any) -> None:
    branch = "else" if frame.probe(condition, "if") else "then"
    if branch in frame.schema:
        frame.apply(frame.schema[branch], branch)


def dependencies(frame: Frame, wanted: Any) -> None:
    if isinstance(frame.instance, dict):
        frame.spend(budget.of_names(len(wanted)))
        for name, dependency in wanted.items():
            if name not in frame.instance:
                continue
            if isinstance(dependency, list):
                frame.spend(budget.of_names(len(dependency)))
                for other in dependency:
                    if other not in frame.instance:
                        frame.fail("dependencies", wanted, missing=other)
            else:
                frame.apply(dependency, "dependencies", name)


def dependent_schemas(frame: Frame, schemas: Any) -> None:
    if isinstance(frame.instance, dict):
        frame.spend(budget.of_names(len(schemas)))
        for name, schema in schemas.items():
            if name in frame.instance:
                frame.apply(schema, "dependentSchemas", name)


def properties(frame: Frame, schemas: Any) -> None:
    if isinstance(frame.instance, dict):
        frame.spend(budget.of_names(len(schemas)))
        for name, schema in schemas.items():
            if name in frame.instance:
                frame.descend(name, schema, "properties", name)


def pattern_properties(frame: Frame, schemas: Any) -> None:
    if isinstance(frame.instance, dict):
        for pattern, schema in schemas.items():
            matches = frame.pattern(pattern)
            for name in frame.instance:
                if matches(name):
                    frame.descend(name, schema, "patternProperties", pattern, named=False)


def additional_properties(frame: Frame, schema: Any) -> None:
    if isinstance(frame.instance, dict) and (extra := _additional(frame)):
        if schema is False:
            frame.fail("additionalProperties", schema, names=tuple(extra))
        else:
            for name in extra:
                frame.descend(name, schema, "additionalProperties", named=False)


def _additional(frame: Frame) -> list[str]:
    """The keys that no sibling keyword covers."""
    frame.spend(budget.of_names(len(frame.instance)))
    known = frame.schema.get("properties", {})
    patterns = [frame.pattern(p) for p in frame.schema.get("patternProperties", {})]
    return [n for n in frame.instance if n not in known and not any(matches(n) for matches in patterns)]


def property_names(frame: Frame, schema: Any) -> None:
    if isinstance(frame.instance, dict):
        for name in frame.instance:
            frame.apply_to(name, schema, "propertyNames")


def items(frame: Frame, schema: Any) -> None:
    """Since 2020-12: the elements after those of `prefixItems`."""
    if isinstance(frame.instance, list):
        before = len(frame.schema.get("prefixItems", ()))
        if schema is False:
            if len(frame.instance) > before:
                frame.fail("items", schema)
        else:
            for number in range(before, len(frame.instance)):
                frame.descend(number, schema, "items")


def prefix_items(frame: Frame, schemas: Any) -> None:
    _each(frame, schemas, "prefixItems")


def items_or_list(frame: Frame, schema: Any) -> None:
    """Until 2019-09: one schema for all elements, or one each for the first ones."""
    if isinstance(schema, list):
        _each(frame, schema, "items")
    elif isinstance(frame.instance, list):
        for number in range(len(frame.instance)):
            frame.descend(number, schema, "items")


def _each(frame: Frame, schemas: list[Any], keyword: str) -> None:
    if isinstance(frame.instance, list):
        for number, schema in enumerate(schemas[: len(frame.instance)]):
            frame.descend(number, schema, keyword, str(number))


def additional_items(frame: Frame, schema: Any) -> None:
    listed = frame.schema.get("items")
    if isinstance(frame.instance, list) and isinstance(listed, list):
        if schema is False:
            if len(frame.instance) > len(listed):
                frame.fail("additionalItems", schema)
        else:
            for number in range(len(listed), len(frame.instance)):
                frame.descend(number, schema, "additionalItems")


def contains(frame: Frame, schema: Any) -> None:
    if isinstance(frame.instance, list) and not _containing(frame, schema):
        frame.fail("contains", schema)


def contains_counted(frame: Frame, schema: Any) -> None:
    """2019-09: with `minContains` and `maxContains`."""
    if isinstance(frame.instance, list):
        _count(frame, schema, len(_containing(frame, schema)))


def contains_evaluating(frame: Frame, schema: Any) -> None:
    """Since 2020-12 the elements that match count as evaluated."""
    if isinstance(frame.instance, list):
        found = _containing(frame, schema)
        if frame.seen is not None:
            frame.seen.items.update(found)
        _count(frame, schema, len(found))


def _containing(frame: Frame, schema: Any) -> list[int]:
    numbers = range(len(frame.instance))
    return [n for n in numbers if not frame.probe_part(n, schema, "contains")]


def _count(frame: Frame, schema: Any, found: int) -> None:
    least, most = frame.schema.get("minContains", 1), frame.schema.get("maxContains")
    if found < least:
        if found:
            frame.fail("minContains", least)
        else:
            frame.fail("contains", schema)
    elif most is not None and found > most:
        frame.fail("maxContains", most)
