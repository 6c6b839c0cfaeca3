"""JSON documents: what each command says with ``--format json``, and what its keys are called.

Every document has ``schema``, which grows when a key goes or changes its meaning; new keys may come any time.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lrviz.errors import WORDS
from lrviz.notation.fact import COMPARED
from lrviz.notation.rendering import render, render_value
from lrviz.notation.spec import Call
from lrviz.resolve.defaults import ASSUMED, assumed, assumed_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.checks.comparison import Beside
    from lrviz.checks.verdict import Report
    from lrviz.curves.series import Series
    from lrviz.describe.description import Description
    from lrviz.findings.noted import Noted
    from lrviz.findings.rule import Rule
    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Given, Place
    from lrviz.resolve.budget import Budget
    from lrviz.resolve.file_reading import Reading

Document = dict[str, Any]
SCHEMA = 1


def document_text(document: Document) -> str:
    """A document as it is printed."""
    return json.dumps({"schema": SCHEMA, **document}, indent=2, default=str)


def curves_document(rows: Iterable[Series], findings: Iterable[Finding]) -> Document:
    """The facts of every curve."""
    return {"curves": [_curve(row) for row in rows], "findings": finding_documents(findings)}


def comparison_document(
    rows: Sequence[Series], reference: Series, compared: Iterable[Beside], findings: Iterable[Finding]
) -> Document:
    """The facts of every curve, and how it stands to the reference."""
    return {
        "reference": reference.label,
        "curves": [
            {**_curve(row), **{name: finite(getattr(one, name)) for name in COMPARED}}
            for row, one in zip(rows, compared, strict=True)
        ],
        "findings": finding_documents(findings),
    }


def budgets_document(budgets: Mapping[Budget, Sequence[str]], findings: Iterable[Finding]) -> Document:
    """One plan as it is; several in a list, with the labels of the schedules that have them."""
    said = {"findings": finding_documents(findings)}
    if len(budgets) == 1:
        return {**_budget(next(iter(budgets))), **said}
    return {"plans": [{"labels": labels, **_budget(one)} for one, labels in budgets.items()], **said}


def check_document(report: Report) -> Document:
    """What was expected and what is, with the findings that count."""
    return {
        "passes": report.passes,
        "expectations": [
            {
                "label": one.label,
                "expect": one.asked,
                "holds": one.verdict.holds,
                "found": one.verdict.found,
                "step": one.verdict.step,
                "place": _place(one.place),
            }
            for one in report.outcomes
        ],
        "findings": finding_documents(report.findings),
    }


def listing_document(schedules: Iterable[Description]) -> Document:
    """What each schedule is called."""
    return {"schedules": [_heading(one) for one in schedules]}


def schedules_document(schedules: Iterable[Description]) -> Document:
    """Everything about each schedule."""
    return {"schedules": [_schedule(one) for one in schedules]}


def rules_document(rules: Iterable[Rule | Noted]) -> Document:
    """What may be found."""
    keys = ("id", "level", "levels", "summary", "paragraph", "command")
    return {"findings": [{key: getattr(rule, key) for key in keys} for rule in rules]}


def finding_documents(findings: Iterable[Finding]) -> list[Document]:
    """What is worth saying, as it is printed to people."""
    return [
        {
            "id": one.id,
            "level": one.level,
            "text": one.text,
            "hint": one.hint or None,
            "label": one.label or None,
            "details": list(one.details),
            "place": _place(one.place),
        }
        for one in (finding.write_hint(WORDS) for finding in findings)
    ]


def _curve(row: Series) -> Document:
    from lrviz.checks.measures import known_facts_of  # it loads numpy

    jumps = {"restarts": asdict(row.facts.restarts), "drops": asdict(row.facts.drops)}
    known = {**known_facts_of(row), **row.facts._asdict(), **jumps}
    facts = {name: finite(value) for name, value in known.items()}
    called = {"label": row.label, "quantity": row.quantity}
    if row.run is None:
        return {**called, "schedule": None, "spec": None, **facts, "assumptions": {}, "origins": {}}
    origins = row.run.origins
    return {
        **called,
        "schedule": row.run.schedule.id,
        "spec": None if row.run.resumed_at else render(row.run.spec),
        **facts,
        "assumptions": {
            key: {"value": assumed_text(given), "origin": ASSUMED[given.origin.source][0]}
            for key, given in assumed(origins).items()
        },
        "origins": _origins(origins),
    }


def _origins(origins: Mapping[str, Given]) -> Document:
    """Each value, a list and a call as they would be typed, and who says it."""
    return {
        key: {
            "value": render_value(value) if isinstance(value, (tuple, Call)) else finite(value),
            "source": origin.source,
            "text": origin.text or None,
            "place": _place(origin.place),
        }
        for key, (value, origin) in origins.items()
    }


def _place(place: Place | None) -> Document | None:
    """A place in a file, if there is one."""
    return place._asdict() if place else None


def finite(value: Any) -> Any:
    """JSON has no nan and no infinity: they become null, in tables and lists too."""
    if isinstance(value, dict):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and value - value != 0 else value


def _budget(budget: Budget) -> Document:
    from lrviz.plan.other_trainers import other_lengths

    plan, warmup, reading = budget.plan, budget.warmup_steps, budget.reading
    return {
        "total_steps": plan.total_steps,
        "steps_per_epoch": plan.steps_per_epoch,
        "epochs": plan.epochs_run,
        "warmup_steps": warmup[0] if warmup else None,
        "trainer": reading.trainer if reading else plan.trainer,
        "derivation": [line._asdict() for line in (reading.lines if reading else plan.explain())],
        "assumptions": {key: ASSUMED[given.origin.source][0] for key, given in budget.assumed.items()},
        "origins": _origins(budget.origins),
        "reading": _reading(reading) if reading else None,
        "other_trainers": [
            {"trainers": names, "total_steps": there.total, "warmup_steps": there.warmup}
            for there, names in other_lengths(plan, budget.warmup).items()
        ],
    }


def _reading(reading: Reading) -> Document:
    """What a trainer makes of its own file."""
    return {
        "settings": _origins(reading.settings),
        "spec": render(reading.spec),
        "unused": list(reading.unused),
        "files": list(reading.files),
    }


def _heading(one: Description) -> Document:
    framework = one.entry.framework
    return {
        "id": one.entry.id,
        "framework": framework.name,
        "version": framework.version,
        "names": one.names,
        "summary": one.summary,
    }


def _schedule(one: Description) -> Document:
    from lrviz.describe.example import PEAK, STEPS, example
    from lrviz.describe.namesakes import namesakes

    made = example(one.entry)
    return {
        **_heading(one),
        **one.sections,
        "parameters": [asdict(param) for param in one.parameters],
        "starter": one.starter,
        "example": {"spec": made.spec, "steps": STEPS, "lr": PEAK, "flat_metric": made.flat},
        "namesakes": [
            {
                "id": other.entry.id,
                "step": other.step,
                "values": other.values,
                "refusal": other.refusal or None,
            }
            for other in namesakes(one.entry)
        ],
    }
