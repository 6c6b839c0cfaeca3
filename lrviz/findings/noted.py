"""Findings that no rule makes: what is said where a fact comes up, of a run or of what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.findings.rule import rules

if TYPE_CHECKING:
    from lrviz.findings.rule import Rule
    from lrviz.notation.finding import Level


class Noted(NamedTuple):
    """One of them: the levels that it may have, the usual one first, and what it says."""

    id: str
    summary: str
    levels: tuple[Level, ...] = ("note",)
    paragraph: str = ""
    command: str = ""

    @property
    def level(self) -> Level:
        """The usual one."""
        return self.levels[0]


WARNING: tuple[Level, ...] = ("warning",)
BOTH: tuple[Level, ...] = ("note", "warning")

NOTED = (
    Noted("after-the-end", "Steps that are asked for lie after the end of the run."),
    Noted("argument-unused", "The framework accepts an argument, and never uses it."),
    Noted("assumed-version", "What version of a trainer is assumed, where that decides."),
    Noted("borrowed-run", "What a schedule has of the run beside it."),
    Noted("columns-left-out", "The terminal has no room for some columns."),
    Noted("example-values", "What nobody gave is that of the example."),
    Noted("idle-key", "A key changes nothing.", BOTH),
    Noted("idle-option", "An option changes nothing: each spec says it itself, or no file has it."),
    Noted("last-phase-cut", "The last phase would end behind the run."),
    Noted("last-phase-extended", "The last phase ends before the run, and goes on.", WARNING),
    Noted("length-differs", "The schedule is told another length than its run has.", BOTH),
    Noted("log-length", "Nobody says how long a run is, and the rows of its log tell."),
    Noted("log-by-batches", "A log of epochs is held against batches where updates take more and more."),
    Noted("log-beyond", "A log has rows past the length that its run is said to have.", WARNING),
    Noted("log-columns", "A log has several learning rates, and one of them is identified."),
    Noted("log-epochs", "Rows of a log count epochs, and are held against the steps of a plan."),
    Noted("log-lines", "Lines of a log are no rows, and are left out."),
    Noted("log-not-finite", "A log has values that are nan or infinite.", WARNING),
    Noted("log-offset", "Which step a row of a log turned out to be about, and who writes it so."),
    Noted("log-groups", "A param group of a log has the rows that were planned for another one."),
    Noted("log-past-plan", "A log goes on behind the end of its plan, and what it does there."),
    Noted("log-own-epochs", "Rows of a log count another length of an epoch than is said."),
    Noted("log-part", "A log has a part of the run, and only that is judged."),
    Noted("log-schedule", "A log is not as planned, and every row is that of another schedule."),
    Noted("log-read", "Whose log it is, how exactly it tells, and which update a row is about."),
    Noted("log-repeats", "A log has rows twice, with equal values, as after a restart."),
    Noted("log-repeats-differ", "A log has rows twice, with other values; the last ones count.", WARNING),
    Noted("log-restarted", "A log goes back and on from there; the rows that were undone are left out."),
    Noted("log-torn", "A log ends within a line, which is left out."),
    Noted("lr-overruled", "The schedule's own peak stands, not the LR of the run."),
    Noted("lr-scaled", "The LR is scaled by the batch."),
    Noted("min-lr-overruled", "The schedule's own floor stands, not that of the run."),
    Noted("missing-glyphs", "No font here has a character of a picture's text."),
    Noted("no-job-summary", "There is no job that a summary could be added to."),
    Noted("not-on-the-axis", "A curve is nowhere above 0, and the axis is logarithmic."),
    Noted("other-font", "A picture's text needs a font that other machines may lack."),
    Noted("quantity-left-out", "Some of the curves do not have a quantity that is shown."),
    Noted("output-not-used", "The [output] of a config counts only where the config is alone."),
    Noted("pairs-left-out", "Of several pairs that differ one is drawn."),
    Noted("part-of-a-tick", "A number below 1 counts ticks, and was hardly meant to."),
    Noted(
        "resume-ignores",
        "A resumed run brings old values back, and what the new one says changes nothing.",
        WARNING,
    ),
    Noted("resume-jump", "The LR jumps where a run is resumed.", WARNING),
    Noted("resumed", "What a framework makes of a checkpoint."),
    Noted("rounded-share", "A share of the run is rounded to whole ticks."),
    Noted("run-length-adopted", "The schedule plans the run, which is as long as it says."),
    Noted("scheduler-calls", "The scheduler is called more or less often than once per update.", BOTH),
    Noted("share-moved", "A share of the run lies later, behind a warmup in front."),
    Noted("sparkline-not-from-0", "A sparkline begins at the low of its curve, as 0 would make it a block."),
    Noted("sparkline-scales", "Sparklines have scales of their own, and their heights do not compare."),
    Noted("starter-values", "What nobody gave is assumed, as the short name does."),
    Noted("synthetic-metric", "The metric is made up."),
    Noted("trainer-stops-calling", "The trainer stops calling the scheduler before the end."),
    Noted(
        "unknown-id", "A check of a trainer's file is asked for a finding that nobody has heard of.", WARNING
    ),
    Noted("value-unknown", "Pasted code names a value of the run that nobody can know.", WARNING),
    Noted("warmup-added", "The schedule has no warmup: a ramp stands in front of it, or is laid over it."),
    Noted("warmup-ignored", "The schedule ignores a warmup.", BOTH),
    Noted("warmup-longer-than-run", "The warmup is longer than the run.", WARNING),
    Noted("warmup-overruled", "The schedule's own warmup stands, not that of the run."),
    Noted("warmup-start-overruled", "The schedule's own start of the warmup stands, not that of the run."),
    Noted("warmup-starts-high", "The warmup starts above an LR of the run.", WARNING),
)


def explained() -> list[Rule | Noted]:
    """Every finding but those of one trainer's own files, by id."""
    return sorted([*rules(), *NOTED], key=lambda one: one.id)
