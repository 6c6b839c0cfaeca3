"""What people expect, as text: it reads back as itself, and what is none says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import SpecError
from lrviz.notation.expectation_parser import SIGNS, parse_expectation
from lrviz.notation.fact import FACTS

TEXTS = (
    "total == 612",
    "steps_per_epoch == 204",
    "warmup == 19",
    "peak <= 3e-4",
    "peak at 100",
    "low at 50%",
    "last <= 1e-6",
    "last <= 10%",
    "first > 0",
    "lr(1000) ~= 3e-4",
    "lr(50%) < 2e-4",
    "lr(2ep) != -1",
    "mean between 1e-5 and 1e-4",
    "warmup between 1% and 10%",
    "falls after warmup",
    "rises after 350k",
    "no jump > 10%",
    "restarts == 3",
    "drops >= 1",
    "never below 1e-7",
    "never above 100%",
    "steps at 0 == 1",
    "same as torch.CosineAnnealingLR:T_max=90",
    "same as '\"a b\".json'",
    'same as "a b.json"',
    "mine: total == 612",
    "cosine:warmup=5: total == 612",
    '"linear lr=1": total == 612',
    "'5\" disk': total == 612",
)


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_written_as_it_was_typed(text):
    assert str(parse_expectation(text)) == text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("  total==612 ", "total == 612", id="spaces around"),
        pytest.param("lr ( 50% )<2e-4", "lr(50%) < 2e-4", id="spaces in brackets"),
        pytest.param("no\tjump  >10%", "no jump > 10%", id="a tab"),
        pytest.param('"mine": total == 612', "mine: total == 612", id="quotes that nothing needs"),
        pytest.param("'a:': total == 1", '"a:": total == 1', id="a colon at the end of a label"),
        pytest.param('same as "base.json"', "same as base.json", id="a file in quotes"),
        pytest.param("same as cosine:label=a b ", 'same as "cosine:label=a b"', id="a space in a spec"),
        pytest.param("restarts == 1_0", "restarts == 10", id="a count"),
        pytest.param("a b: total == 1", '"a b": total == 1', id="a label of words"),
        pytest.param("cosine [2]: last < 1", '"cosine [2]": last < 1', id="a label with its number"),
        pytest.param("a: b: no jump > 1%", '"a: b": no jump > 1%', id="a label with a colon"),
        pytest.param("5% (b): lr(3) < 1", '"5% (b)": lr(3) < 1', id="a label of signs"),
        pytest.param("same as a: b", 'same as "a: b"', id="a colon in a file"),
    ],
)
def test_it_is_written_the_shortest_way(typed, written):
    found = parse_expectation(typed)
    assert str(found) == written
    assert parse_expectation(written) == found


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        pytest.param("total", "nothing is said of it", 6, id="a bare fact"),
        pytest.param("lr(50%)", "nothing is said of it", 8, id="a bare fact with a step"),
        pytest.param("", "expected a fact or a form, got nothing", 1, id="nothing"),
        pytest.param("<= 3", "expected a fact or a form, got '<'", 1, id="no fact"),
        pytest.param("total = 3", "'=' is no comparison", 7, id="one sign of two"),
        pytest.param("total is 3", "'is 3' is no comparison", 7, id="a word for a sign"),
        pytest.param("total === 3", "'===' is no comparison", 7, id="one sign too many"),
        pytest.param("peek < 3", "'peek' begins no expectation", 1, id="no such fact"),
        pytest.param("a: peek < 3", "'peek' begins no expectation", 4, id="behind a label"),
        pytest.param("lr(lst) < 3", "lr='lst' is not a step", 4, id="no name of a step"),
        pytest.param("total <", "expected a step or a duration, got nothing", 8, id="no amount"),
        pytest.param("peak < abc", "peak 'abc' is no LR", 8, id="no number"),
        pytest.param("peak < nan", "peak 'nan' is no LR", 8, id="nan"),
        pytest.param("peak < inf", "peak 'inf' is no LR", 8, id="infinity"),
        pytest.param("peak < 1e999", "peak '1e999' is no LR", 8, id="beyond float64"),
        pytest.param("total == 1.5", "total='1.5' could be steps or a share of the run", 10, id="ambiguous"),
        pytest.param("total == -3", "total='-3' is negative", 10, id="below 0"),
        pytest.param("restarts == 10%", "restarts='10%' is not a whole number", 13, id="no count"),
        pytest.param("restarts == 1e20", "restarts='1e20' is more than 2**53", 13, id="a count too large"),
        pytest.param("no jump > 0.1", "'0.1' is no share of the peak", 11, id="no share"),
        pytest.param("no jump > 0%", "'0%' is no share of the peak", 11, id="a share of nothing"),
        pytest.param("no jump < 1%", "expected >", 9, id="no jump, the other way"),
        pytest.param("no fun", "expected jump", 4, id="another thing that is not"),
        pytest.param("never under 1", "expected below or above", 7, id="neither side"),
        pytest.param("falls", "expected after", 6, id="falls when"),
        pytest.param("falls after", "expected a step or a duration, got nothing", 12, id="falls after what"),
        pytest.param("warmup between 1", "expected and", 17, id="between one"),
        pytest.param("steps == 3", "expected at", 7, id="steps at no LR"),
        pytest.param("lr < 3", "expected (", 4, id="an LR at no step"),
        pytest.param("lr(3 < 3", "expected )", 6, id="a bracket left open"),
        pytest.param("last at 3", "'at 3' is no comparison", 6, id="what stands at no step"),
        pytest.param("same as", "expected a spec or a file", 8, id="as nothing"),
        pytest.param("warmup between 10% and 1%", "nothing is between 10% and 1%", 16, id="shares turned"),
        pytest.param("peak between 2 and 1e-3", "nothing is between 2 and 1e-3", 14, id="LRs turned"),
        pytest.param("drops between 3 and 2", "nothing is between 3 and 2", 15, id="counts turned"),
        pytest.param("a b: peek < 3", "'a' begins no expectation", 1, id="behind a label of words"),
        pytest.param("same as 'a' b", "'b' is too much", 13, id="behind a quote"),
        pytest.param("total == 3 4", "'4' is too much", 12, id="one amount too many"),
        pytest.param("total == 3 and peak < 1", "'and peak < 1' is too much", 12, id="two in one"),
        pytest.param("not peak < 1", "'not' begins no expectation", 1, id="an opposite"),
        pytest.param("__import__('os')", "'__import__' begins no expectation", 1, id="code"),
    ],
)  # fmt: skip
def test_what_is_none_says_where(text, message, column):
    with pytest.raises(SpecError) as refused:
        parse_expectation(text)
    assert refused.value.message == f"{text!r}: {message} (column {column})"
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        *(
            pytest.param(f"not peak {one} 1", f'did you mean "peak {other} 1"?', id=one)
            for one, other in [("==", "!="), ("!=", "=="), ("<", ">="), (">=", "<"), (">", "<="), ("<=", ">")]
        ),
        pytest.param("not " * 5000 + "peak == 1", 'did you mean "peak != 1"?', id="many times"),
        pytest.param("not peak ~= 1", "only a comparison has an opposite", id="a comparison without"),
        pytest.param("not falls after 5", "only a comparison has an opposite", id="no comparison"),
        pytest.param("lr() < 1", "type steps (100, 350k)", id="no step"),
        pytest.param("peak <", "type it as 3e-4", id="no LR"),
        pytest.param("restarts ==", "type it as 1000", id="no count"),
        pytest.param("no jump >", 'as in "no jump > 10%"', id="no share"),
        pytest.param("blah", "lrviz check --help has all of them", id="no form"),
    ],
)
def test_the_hint_says_what_may_stand_there(text, hint):
    with pytest.raises(SpecError) as refused:
        parse_expectation(text)
    assert hint in refused.value.template


WORDS = st.sampled_from(
    [
        *FACTS, *SIGNS, "at", "between", "and", "falls", "rises", "after", "no", "jump", "never", "below",
        "above", "same", "as", "(", ")", ":", "a:", '"', "'", "0", "3e-4", "10%", "2ep", "100", "1_0", "0.5",
        "base.json", "cosine:warmup=5", "-1", "1e99", "",
    ]
)  # fmt: skip
LINES = st.lists(WORDS, max_size=9).flatmap(
    lambda words: st.lists(st.sampled_from(["", " ", "\t"]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(gap + word for gap, word in zip(gaps, words, strict=True))
    )
)


@given(st.text() | LINES | st.sampled_from(TEXTS).flatmap(lambda text: LINES.map(lambda more: text + more)))
def test_any_text_is_an_expectation_or_refused(text):
    try:
        found = parse_expectation(text)
    except SpecError:
        with pytest.raises(SpecError, match=r"\(column \d+\)$"):
            parse_expectation(text)
    else:
        assert parse_expectation(str(found)) == found
