"""What came of expectations and findings: whether all is as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lrviz.notation.finding import Finding
    from lrviz.notation.origin import Place


class Verdict(NamedTuple):
    """Whether a claim is true of a curve; what is, and at which step."""

    holds: bool
    found: str
    step: int | None = None


def yes(found: str) -> Verdict:
    """It is true."""
    return Verdict(holds=True, found=found)


def no(found: str, step: int | None = None) -> Verdict:
    """It is not."""
    return Verdict(holds=False, found=found, step=step)


class Outcome(NamedTuple):
    """A verdict on what was ``asked`` of the curve called ``label``; ``place`` is in the file that asks."""

    label: str
    asked: str
    verdict: Verdict
    place: Place | None = None

    @property
    def text(self) -> str:
        """What was asked and what is."""
        return f"{self.asked}: {self.verdict.found}"


@dataclass(frozen=True)
class Report:
    """All of one check; with ``strict`` a warning fails as an error does."""

    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    strict: bool = False

    @property
    def passes(self) -> bool:
        """Whether everything expected holds and no finding fails."""
        return all(one.verdict.holds for one in self.outcomes) and not any(map(self.fails, self.findings))

    def differs(self, asked: str) -> bool:
        """Whether what is ``asked`` does not hold of a curve."""
        return any(one.asked == asked and not one.verdict.holds for one in self.outcomes)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes the check fail."""
        return finding.level == "error" or (self.strict and finding.level == "warning")
