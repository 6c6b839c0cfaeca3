"""A check as JUnit's XML: a test case for each expectation and each finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.export.check_lines import where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.checks.verdict import Report
    from lrviz.notation.origin import Place

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Case(NamedTuple):
    label: str
    name: str
    text: str
    fails: bool
    place: Place | None

    def attributes(self) -> dict[str, str]:
        """What the case is called, and where a file asks for it."""
        return {"classname": _clean(self.label), "name": _clean(self.name), **where(self.place)}


def junit(report: Report) -> Iterator[str]:
    """One suite; what fails says why."""
    # It loads only where XML is written.
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    cases = list(_cases(report))
    counts = {"tests": str(len(cases)), "failures": str(sum(case.fails for case in cases)), "errors": "0"}
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite", {"name": "lrviz check", **counts})
    for case in cases:
        one = SubElement(suite, "testcase", case.attributes())
        if case.fails:
            SubElement(one, "failure", message=_clean(case.text))
        else:
            SubElement(one, "system-out").text = _clean(case.text)
    indent(suites)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield tostring(suites, encoding="unicode")


def _cases(report: Report) -> Iterator[_Case]:
    for one in report.outcomes:
        yield _Case(one.label, one.asked, one.text, not one.verdict.holds, one.place)
    for finding in report.findings:
        yield _Case(finding.label, finding.id, finding.text, report.fails(finding), finding.place)


def _clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
