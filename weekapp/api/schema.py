"""JSON Schema (2020-12, that of OpenAPI 3.1) from the types of the objects that are answered."""

from enum import StrEnum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


class Schemas:
    """Schemas by name, to stand once in a document; `of` adds those that it needs."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of a type; of an object a reference to it."""
        origin, parts = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.of(parts[0]) | parts[1]
        if kind in PLAIN:
            return {"type": PLAIN[kind]}
        if origin in (Union, UnionType):
            return self.of_union(parts)
        if origin is list:
            return {"type": "array", "items": self.of(parts[0])}
        if origin is Literal:
            return {"type": "string", "enum": list(parts)}
        if is_typeddict(kind):
            return self.of_object(kind)
        assert issubclass(kind, StrEnum), f"add {kind} to weekapp.api.schema"
        return {"type": "string", "enum": [str(member) for member in kind]}

    def of_union(self, parts: tuple[Any, ...]) -> Schema:
        """A value that may be missing."""
        if all(part in PLAIN for part in parts):
            return {"type": [PLAIN[part] for part in parts]}
        return {"oneOf": [self.of(part) for part in parts]}

    def of_object(self, kind: Any) -> Schema:
        """All fields are always there; more may come (a new field breaks nobody)."""
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}  # an object may hold itself
            fields = get_type_hints(kind, include_extras=True)
            self.named[name] = {
                "type": "object",
                "description": cleandoc(kind.__doc__ or ""),
                "required": list(fields),
                "properties": {field: self.of(hint) for field, hint in fields.items()},
            }
        return {"$ref": f"#/components/schemas/{name}"}
