"""What is wrong with a document, by what of JSON Schema lrviz writes; a key that is not told is wrong."""

from __future__ import annotations

KINDS = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def faults(value, schema, path="$"):
    """One line for each place where a value is not as its schema says."""
    unknown = schema.keys() - {
        *("$schema", "title", "description", "type", "anyOf", "enum"),
        *("properties", "required", "items", "prefixItems", "additionalProperties"),
    }
    assert not unknown, unknown
    if "anyOf" in schema:
        tried = [faults(value, one, path) for one in schema["anyOf"]]
        return [] if [] in tried else max(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value!r} is none of {schema['enum']}"]
    if "type" in schema and not is_a(value, schema["type"]):
        return [f"{path}: {value!r} is no {schema['type']}"]
    if isinstance(value, dict) and schema.get("type") == "object":
        return faults_of_object(value, schema, path)
    if isinstance(value, list):
        each = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        return [line for i, one in enumerate(value) for line in faults(one, each[i], f"{path}[{i}]")]
    return []


def is_a(value, kind):
    """Whether a value is of a kind; true and false are no numbers, nan is none."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind]) and value == value  # noqa: PLR0124  (nan is not itself)


def faults_of_object(value, schema, path):
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{path}: no {key}" for key in schema.get("required", ()) if key not in value]
    for key, one in value.items():
        told = known.get(key, more)
        found += [f"{path}: {key} is not told"] if told is None else faults(one, told, f"{path}.{key}")
    return found
