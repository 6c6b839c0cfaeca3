"""What several JSON documents have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, TypedDict

Step: TypeAlias = int


class Printed(TypedDict):
    """What a command prints."""

    schema: Annotated[int, "Grows when a key goes or changes its meaning."]


class PlaceDocument(TypedDict):
    """A place in a file."""

    file: Annotated[str, "Its name."]
    line: Annotated[int, "0 where it is unknown."]
    key: Annotated[str, "As in schedule[1].gamma; may be empty."]


class FindingDocument(TypedDict):
    """What is worth saying."""

    id: Annotated[str, "It stays."]
    level: Annotated[Literal["note", "warning", "error"], "How much it matters."]
    text: Annotated[str, "One line."]
    hint: Annotated[str | None, "What to type."]
    label: Annotated[str | None, "The curve it is true of."]
    details: Annotated[list[str], "Further lines."]
    place: Annotated[PlaceDocument | None, "Where a file asks for it."]


class OriginDocument(TypedDict):
    """A value and who says it."""

    value: Annotated[Any, "As it would be typed."]
    source: Annotated[
        str, "spec, option, file, plan, defaults, python, trainer, starter, example or derived."
    ]
    text: Annotated[str | None, "The option, the version, or what it is derived from."]
    place: Annotated[PlaceDocument | None, "Where it stands in a file."]
