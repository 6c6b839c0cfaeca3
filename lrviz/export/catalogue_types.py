"""The JSON documents of what lrviz knows: schedules, and what may be found of a curve."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from lrviz.export.document_parts import Printed, Step


class HeadingDocument(TypedDict):
    """What a schedule is called."""

    id: Annotated[str, "framework.Name."]
    framework: Annotated[str, "Whose it is."]
    version: Annotated[str, "Of the framework; may be empty."]
    names: Annotated[list[str], "Other names it answers to."]
    summary: Annotated[str, "One sentence."]


class ParameterDocument(TypedDict):
    """A parameter of a schedule."""

    name: Annotated[str, "The framework's."]
    role: Annotated[str, "What it is in a run."]
    unit: Annotated[str, "What a duration counts; may be empty."]
    takes: Annotated[str, "What may be given."]
    default: Annotated[str | None, "null where it is required."]
    required: Annotated[bool, "Whether the framework insists on it."]
    ignored: Annotated[bool, "Whether the framework ignores it."]
    option: Annotated[str, "The option that fills it; may be empty."]


class ExampleDocument(TypedDict):
    """A spec to try."""

    spec: Annotated[str, "The spec."]
    steps: Annotated[int, "Steps of its run."]
    lr: Annotated[float, "Its peak."]
    flat_metric: Annotated[bool, "Whether it is shown a metric that stays flat."]


class NamesakeDocument(TypedDict):
    """A schedule of another framework that goes by the same name."""

    id: Annotated[str, "Its id."]
    step: Annotated[Step | None, "The first step that differs."]
    values: Annotated[list[float | None] | None, "Here and there; null where a framework raises."]
    refusal: Annotated[str | None, "Why they cannot be compared."]


class ScheduleDocument(HeadingDocument):
    """Everything about a schedule."""

    formula: Annotated[str, "What is computed; this and the next four may be empty."]
    momentum: Annotated[str, "What else it moves."]
    edges: Annotated[str, "What surprises."]
    raises: Annotated[str, "What it refuses."]
    source: Annotated[str, "Where the formula is from."]
    parameters: Annotated[list[ParameterDocument], "In the framework's order."]
    starter: Annotated[dict[str, Any], "What a short name assumes."]
    example: Annotated[ExampleDocument, "A spec to try."]
    namesakes: Annotated[list[NamesakeDocument], "In other frameworks."]


class InfoDocument(Printed):
    """What ``info NAME`` prints."""

    schedules: Annotated[list[ScheduleDocument], "One for each name."]


class RuleDocument(TypedDict):
    """What may be found."""

    id: Annotated[str, "It stays."]
    level: Annotated[str, "How much it matters."]
    levels: Annotated[list[str], "All that it may have."]
    summary: Annotated[str, "One line."]
    paragraph: Annotated[str, "What it means."]
    command: Annotated[str, "A line that trips it."]


class RulesDocument(Printed):
    """What ``info --findings`` prints."""

    findings: Annotated[list[RuleDocument], "One for each."]


class ListDocument(Printed):
    """What ``list`` prints."""

    schedules: Annotated[list[HeadingDocument], "One for each."]
