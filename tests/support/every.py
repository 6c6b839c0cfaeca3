"""One test for all rows of a table, where each takes less time than a test of its own would.

It goes through all of them, and says of each that fails which it is.
"""

from __future__ import annotations

import functools
import inspect

from commands import ENTRIES


def one_test_for(rows):
    """Make a check of one row the test of all; the check of one stays as ``.of_one``."""

    def make(check):
        @functools.wraps(check)
        def test():
            check_each(check, rows)

        test.__signature__ = inspect.Signature()
        test.of_one = check
        return test

    return make


def check_each(check, rows):
    failures = [failure for row in rows if (failure := failure_of(check, row))]
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(rows)} fail", failures)


def failure_of(check, row):
    try:
        check(*row.values)
    except Exception as failure:  # noqa: BLE001 (whatever it is, the others have their turn)
        failure.add_note(f"This is the row [{row.id}].")
        return failure
    return None


for_every_schedule = one_test_for(ENTRIES)
