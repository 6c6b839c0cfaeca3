"""What the JSON documents are made of: a type for each object, which ``lrviz schema`` and the README tell."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from lrviz.export.catalogue_types import InfoDocument, ListDocument, RulesDocument
from lrviz.export.document_parts import FindingDocument, OriginDocument, PlaceDocument, Printed, Step


class AssumptionDocument(TypedDict):
    """A value that nobody said."""

    value: Annotated[Any, "As it would be typed."]
    origin: Annotated[str, "example, or assumed."]


class JumpsDocument(TypedDict):
    """Jumps one way."""

    count: Annotated[int | None, "null above 4096 of them."]
    ticks: Annotated[list[Step], "The first five steps."]


class CurveDocument(TypedDict):
    """One curve; every fact stands beside these keys."""

    label: Annotated[str, "What the curve is called; no two share it."]
    quantity: Annotated[str, "What it shows: lr, momentum or more."]
    schedule: Annotated[str | None, "The id of its schedule."]
    spec: Annotated[str | None, "The spec it is made from."]
    assumptions: Annotated[dict[str, AssumptionDocument], "By key or parameter."]
    origins: Annotated[dict[str, OriginDocument], "By key or parameter."]


class CurvesDocument(Printed):
    """What ``show`` prints."""

    curves: Annotated[list[CurveDocument], "One for each curve."]
    findings: Annotated[list[FindingDocument], "What is worth saying."]


class ComparedDocument(CurveDocument):
    """One curve, and how it stands to the reference."""

    ratio: Annotated[float | None, "Its area by that of the reference; null where that is 0."]
    differs_at: Annotated[Step | None, "The first step that differs, or that only one of the two has."]
    difference: Annotated[float | None, "The largest difference, its value less that of the reference."]
    difference_at: Annotated[Step | None, "The step of that."]


class ComparisonDocument(Printed):
    """What ``compare`` prints."""

    reference: Annotated[str, "The label of the curve that others stand beside."]
    curves: Annotated[list[ComparedDocument], "One for each curve."]
    findings: Annotated[list[FindingDocument], "What is worth saying."]


class TableDocument(TypedDict):
    """Values of curves at steps of their runs."""

    total_steps: Annotated[int, "Steps of the longest run."]
    columns: Annotated[list[str], "step, epoch, and a label for each curve."]
    rows: Annotated[list[list[float | None]], "A row for each step; null where there is no number."]


class ValuesDocument(Printed, TableDocument):
    """What ``values`` prints."""

    findings: Annotated[list[FindingDocument], "What is worth saying."]


class BaselineDocument(CurvesDocument, TableDocument):
    """What ``values -o`` writes: curves with a few of their values."""

    lrviz: Annotated[str, "The version that wrote a baseline."]


class LineDocument(TypedDict):
    """A line of a derivation."""

    label: Annotated[str, "What is derived."]
    formula: Annotated[str, "From what."]
    value: Annotated[float, "The number."]


class ReadingDocument(TypedDict):
    """What a trainer makes of its own file."""

    settings: Annotated[dict[str, OriginDocument], "By the trainer's names."]
    spec: Annotated[str, "The spec of lrviz that says the same."]
    unused: Annotated[list[str], "Keys that change nothing."]
    files: Annotated[list[str], "The files that were read."]


class OthersDocument(TypedDict):
    """Trainers that make another run of the same plan."""

    trainers: Annotated[list[str], "Their names."]
    total_steps: Annotated[int, "Steps of their run."]
    warmup_steps: Annotated[int | None, "Steps of its warmup."]


class BudgetDocument(TypedDict):
    """The length of one run."""

    total_steps: Annotated[int, "Steps of the run."]
    steps_per_epoch: Annotated[int | None, "Steps in an epoch."]
    epochs: Annotated[float | None, "Epochs of the run."]
    warmup_steps: Annotated[float | None, "Steps of the warmup that is asked for."]
    trainer: Annotated[str, "Whose arithmetic."]
    derivation: Annotated[list[LineDocument], "Line by line."]
    assumptions: Annotated[dict[str, str], "Keys that nobody said, and what stood in."]
    origins: Annotated[dict[str, OriginDocument], "By key."]
    reading: Annotated[ReadingDocument | None, "Of a trainer's own file."]
    other_trainers: Annotated[list[OthersDocument], "Where they differ."]


class LabelledBudgetDocument(BudgetDocument):
    """The length of the runs of some schedules."""

    labels: Annotated[list[str], "The schedules."]


class PlanDocument(Printed, BudgetDocument):
    """What ``plan`` prints of one run."""

    findings: Annotated[list[FindingDocument], "What is worth saying."]


class PlansDocument(Printed):
    """What ``plan`` prints of several."""

    plans: Annotated[list[LabelledBudgetDocument], "One for each length."]
    findings: Annotated[list[FindingDocument], "What is worth saying."]


class ExpectationDocument(TypedDict):
    """An expectation of one curve."""

    label: Annotated[str, "The curve."]
    expect: Annotated[str, "What is expected."]
    holds: Annotated[bool, "Whether it is so."]
    found: Annotated[str, "What is."]
    step: Annotated[Step | None, "At which step."]
    place: Annotated[PlaceDocument | None, "Where a file asks for it."]


class CheckDocument(Printed):
    """What ``check`` prints."""

    passes: Annotated[bool, "Whether the exit code is 0."]
    expectations: Annotated[list[ExpectationDocument], "One for each curve that is meant."]
    findings: Annotated[list[FindingDocument], "Those that count."]


class SideDocument(TypedDict):
    """A curve that is compared."""

    name: Annotated[str, "What names it on the command line."]
    label: Annotated[str, "What it is called."]
    steps: Annotated[int | None, "Steps of its run, where they are known."]
    stops_at: Annotated[Step | None, "Where its framework stops inside the run."]


class RangeDocument(TypedDict):
    """Steps in a row that differ."""

    first: Annotated[Step, "The first of them."]
    last: Annotated[Step, "The last."]
    step: Annotated[Step, "The one that differs by most."]
    here: Annotated[float | None, "The first curve there."]
    there: Annotated[float | None, "The second."]
    difference: Annotated[float | None, "The second less the first."]
    share_of_peak: Annotated[float | None, "Of the greater peak."]


class CauseDocument(TypedDict):
    """What explains every step that differs."""

    id: Annotated[str, "It stays."]
    here: Annotated[float | None, "Of the first curve."]
    there: Annotated[float | None, "Of the second."]
    at: Annotated[Step | None, "From which step on, where that is not the first."]
    least: Annotated[float | None, "The least number that would do as well as the second."]
    most: Annotated[float | None, "The greatest; null where all above the least would."]
    name: Annotated[str, "The parameter that they are of, or nothing."]
    beside: Annotated[list[str], "What explains it only together with this, in words."]
    words: Annotated[list[str], "Of the first and of the second, where they are no numbers."]
    text: Annotated[str, "In words, with what is beside it."]


class LogDocument(TypedDict):
    """What is to be said of a log that is held against a plan."""

    offset: Annotated[int, "Row t has the LR of step t + offset."]
    writers: Annotated[list[str], "Who writes a log so."]
    first: Annotated[Step, "Its first row that is compared."]
    last: Annotated[Step, "Its last."]
    precision: Annotated[str, "How exactly it is written."]
    agrees_to: Annotated[Step | None, "The step of the last row before the first that differs."]


class PairDocument(TypedDict):
    """Two curves that are held against each other."""

    equal: Annotated[bool, "Whether nothing differs."]
    first: Annotated[SideDocument, "The first."]
    second: Annotated[SideDocument, "The second."]
    align: Annotated[str, "steps, epochs or percent."]
    steps_per_place: Annotated[float, "Steps of the first between two places."]
    compared: Annotated[int, "Places that both have."]
    slack: Annotated[float, "How far apart equal values may be."]
    ranges: Annotated[list[RangeDocument], "The first thousand."]
    range_count: Annotated[int, "How many there are."]
    ranges_are_exact: Annotated[bool, "Whether every step in them differs."]
    largest: Annotated[RangeDocument | None, "The one with the largest difference."]
    causes: Annotated[list[CauseDocument], "Why."]
    others: Annotated[list[CauseDocument], "Each would explain it as well."]
    log: Annotated[LogDocument | None, "The second, where it is a log held against a plan."]


class AloneDocument(TypedDict):
    """A curve without a counterpart."""

    side: Annotated[str, "The side that has it."]
    label: Annotated[str, "What it is called."]


class DiffDocument(Printed):
    """What ``diff`` prints."""

    equal: Annotated[bool, "Whether the exit code is 0."]
    pairs: Annotated[list[PairDocument], "One for each two curves."]
    alone: Annotated[list[AloneDocument], "Curves of one side."]


class NumberRangeDocument(TypedDict):
    """The values of one number that do as well."""

    key: Annotated[str, "The number."]
    low: Annotated[float, "The least."]
    high: Annotated[float | None, "The largest; null where none is too large."]


class CandidateDocument(TypedDict):
    """A schedule that has every row."""

    spec: Annotated[str, "To paste."]
    schedule: Annotated[str, "Its name."]
    offset: Annotated[int, "Row x holds the LR of update x + offset, counted from 0."]
    other_offsets: Annotated[list[int], "Those at which the same spec has every row."]
    numbers: Annotated[int, "Numbers that were found."]
    deciding_rows: Annotated[int, "Rows beyond those that it takes to find them."]
    ranges: Annotated[list[NumberRangeDocument], "Numbers that may be others."]
    same_curve: Annotated[list[str], "Specs of the same curve, of other frameworks."]
    parts_at: Annotated[int | None, "The first row that would tell it from the first; null where none can."]


class IdentifyDocument(Printed):
    """What ``identify`` prints."""

    log: Annotated[str, "The file."]
    format: Annotated[str, "Who writes such a file."]
    column: Annotated[str, "The column."]
    unit: Annotated[str, "update or epoch: what its rows count."]
    precision: Annotated[str, "How its numbers are written."]
    rows: Annotated[int, "How many it has."]
    first: Annotated[int, "The place of the first."]
    last: Annotated[int, "The place of the last."]
    identified: Annotated[bool, "Whether the exit code is 0."]
    seen: Annotated[list[str], "What the values do, in words."]
    may_follow_a_metric: Annotated[bool, "Whether a scheduler that moves on a metric may have made it."]
    candidates: Annotated[list[CandidateDocument], "The likeliest first."]
    candidate_count: Annotated[int, "How many there are, shown or not."]


OF_CURVE = (CurveDocument, ComparedDocument)
"""Objects that have every fact of a curve beside their own keys."""
DOCUMENTS: dict[str, tuple[type, ...]] = {
    "show": (CurvesDocument,),
    "compare": (ComparisonDocument,),
    "values": (ValuesDocument, BaselineDocument),
    "plan": (PlanDocument, PlansDocument),
    "check": (CheckDocument,),
    "report": (CheckDocument,),
    "diff": (DiffDocument,),
    "identify": (IdentifyDocument,),
    "list": (ListDocument,),
    "info": (InfoDocument, RulesDocument),
}
"""What each command prints with ``--format json``, or writes as a baseline: one of these."""
