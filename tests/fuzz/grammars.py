"""Every grammar that lrviz reads, how it is made, and its share of all cases in percent."""

from __future__ import annotations

from random import Random

import check_cases
import config_cases
import spec_cases
import trainer_cases

GRAMMARS = {
    "specs": (spec_cases.spec_case, 16),
    "expressions": (spec_cases.expression_case, 10),
    "pasted calls": (spec_cases.pasted_case, 7),
    "options": (spec_cases.option_case, 6),
    "durations": (spec_cases.duration_case, 8),
    "numbers": (spec_cases.number_case, 7),
    "expectations": (check_cases.expectation_case, 9),
    "facts": (check_cases.fact_case, 5),
    "curve files": (check_cases.curve_file_case, 5),
    "revisions": (check_cases.revision_case, 1),
    "configs": (config_cases.config_case, 13),
    "trainers' files": (trainer_cases.file_case, 9),
    "launch lines": (trainer_cases.line_case, 4),
}


def case(grammar, seed, number):
    """One case: the same wherever it is made."""
    make, _ = GRAMMARS[grammar]
    return make(Random(f"{grammar} {seed} {number}"))
