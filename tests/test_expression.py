from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.errors import ScheduleError
from lrviz.expression import Expression

BARE = {**vars(math), "math": math, "pow": pow}

FORMULAS = [
    pytest.param("0.95**epoch", id="power"),
    pytest.param("lambda e: 0.95 ** e", id="lambda"),
    pytest.param("lambda e: 1 / (1 + e)", id="lambda-argument-hides-the-number-e"),
    pytest.param("min(1, (epoch+1)/100)", id="warmup"),
    pytest.param("max(0.1, 1 - epoch/1000, 0.2 - epoch/90)", id="max-of-three"),
    pytest.param("0.1 if epoch < 10 else 1.0", id="choice"),
    pytest.param("0.1**(epoch//30)", id="steps"),
    pytest.param("(epoch % 7)/7 + epoch % -3 + -epoch % 5 + -epoch // 4", id="modulo-signs"),
    pytest.param("(epoch - 50.5) // 0.1 + (epoch - 50.5) % 0.1", id="float-floor-division"),
    pytest.param("math.cos(math.pi*epoch/100)", id="cosine"),
    pytest.param("0.5*(1 + math.cos(math.pi*epoch/1000))", id="cosine-cancels-at-the-end"),
    pytest.param("1 - math.cos(1e-7*epoch)", id="cosine-cancels-at-the-start"),
    pytest.param("(0.5*(1 + cos(pi*epoch/1000)))**0.9", id="power-of-a-cosine"),
    pytest.param("exp(log(epoch + 1)) - epoch", id="functions-of-functions"),
    pytest.param("sin(epoch)*tan(epoch)*tanh(epoch/99) + log2(epoch+1) + log10(epoch+1)", id="functions"),
    pytest.param("log(epoch + 2, 10) + math.log(epoch + 1, 2)", id="logarithm-to-a-base"),
    pytest.param("math.pow(epoch, 2) + pow(epoch, 3) + pow(2, -epoch)", id="both-pow"),
    pytest.param("abs(50 - epoch) + fabs(epoch - 50) + +epoch - -epoch", id="absolute"),
    pytest.param(
        "floor(epoch/3) + ceil(epoch/3) + int(-epoch/3) + round(epoch/2) + float(epoch)", id="steps-by-name"
    ),
    pytest.param("math.floor(math.log(epoch+1)/math.log(2))", id="floor-on-the-edge"),
    pytest.param("int(10**(epoch % 17) * 0.1 ** (epoch % 17))", id="int-on-the-edge"),
    pytest.param("round(0.5*(1 + sin(epoch*pi/6)), ) if epoch else 0", id="round-on-the-edge"),
    pytest.param("1 if 0.1*3**epoch > 0.3*3.0**(epoch-1) else 2", id="comparison-on-the-edge"),
    pytest.param("1.5**epoch % 1 if epoch < 90 else 1.5**90 // 7", id="modulo-of-a-power"),
    pytest.param("1/epoch if epoch > 0 else 1", id="branch-not-taken-divides-by-zero"),
    pytest.param("math.sqrt(50 - epoch) if epoch <= 50 else 0", id="branch-not-taken-outside-domain"),
    pytest.param("epoch and 1/epoch", id="and-stops"),
    pytest.param("epoch == 0 or 1/epoch", id="or-stops"),
    pytest.param("10 <= epoch < 20 != epoch", id="chained-comparison"),
    pytest.param("not epoch or epoch > 5 and not epoch == 7", id="boolean-values"),
    pytest.param("True + (epoch >= 3) * 2 - False", id="booleans-are-numbers"),
    pytest.param("3**epoch % 7", id="integers-beyond-floats"),
    pytest.param("3**epoch - 3**epoch + 1", id="integers-that-cancel"),
    pytest.param("2**(epoch + 900) / 2**900", id="quotient-of-long-integers"),
    pytest.param("epoch * 10**17 // 7 % 11", id="product-beyond-floats"),
    pytest.param("epoch / 10**400", id="divisor-longer-than-a-float"),
    pytest.param("(1 if epoch % 2 else 2.5)**3 * (10**16 if epoch % 3 else 0.5) % 7", id="int-or-float"),
    pytest.param("(-2)**epoch + (-1)**epoch", id="powers-of-negatives"),
    pytest.param("0.5**(20*epoch)", id="underflow"),
    pytest.param("min(1, epoch*inf if epoch else 0)", id="infinity"),
    pytest.param("3e-4", id="number"),
    pytest.param("  epoch\n", id="blanks"),
]

CASES = [*range(120), 997, 1000, 1023]


def parse(text):
    return Expression.parse(text, "epoch")


def python(text, tick):
    formula = eval(text if text.startswith("lambda") else f"lambda epoch: {text.strip()}", {**BARE})  # noqa: S307 (the reference)
    return float(formula(tick))


def refusal(call, *arguments):
    with pytest.raises(ScheduleError) as caught:
        call(*arguments)
    return caught.value


@pytest.mark.parametrize("text", FORMULAS)
def test_at_is_python(text):
    expression = parse(text)
    ticks = CASES[:120]
    assert [expression.at(tick) for tick in ticks] == [python(text, tick) for tick in ticks]


@pytest.mark.parametrize("text", FORMULAS)
def test_array_is_python(text):
    ticks = np.array(CASES[:120], dtype=float).reshape(2, 60)
    expected = np.array([python(text, tick) for tick in CASES[:120]]).reshape(2, 60)
    np.testing.assert_allclose(parse(text)(ticks), expected, rtol=1e-14, atol=1e-312)


@pytest.mark.parametrize(
    "text",
    [
        "math.floor(math.log(epoch+1)/math.log(2))",
        "int(math.log10(epoch + 1))",
        "math.ceil((epoch+1)**0.5)",
        "(epoch+1)**0.5 // 1",
        "round(math.log2(epoch+1)*2)",
        "math.floor(100*(epoch/1000))",
        "epoch*0.1 // 0.1",
        "epoch*0.1 % 0.3",
        "1 if math.cos(math.pi*epoch/6) >= 0.5 else 0",
        "1 if (epoch+1)**0.5*(epoch+1)**0.5 == epoch+1 else 0",
        "7**epoch % 10 if epoch < 300 else 0",
        "not math.sin(0*epoch) * math.exp(epoch/9999)",
    ],
)
def test_steps_are_at_the_same_ticks(text):
    assert parse(text)(np.arange(5001.0)).tolist() == [python(text, tick) for tick in range(5001)]


def test_ticks_keep_their_order_and_shape():
    assert parse("2*epoch")(np.array([[5.0, 1.0], [9.0, 0.0]])).tolist() == [[10.0, 2.0], [18.0, 0.0]]
    assert parse("epoch/3")(np.array([])).shape == (0,)
    assert parse("7")(np.array(4.0)).shape == ()
    ticks = np.random.default_rng(0).permutation(40_000).astype(float)
    assert np.array_equal(parse("epoch % 1000")(ticks), ticks % 1000)


def test_hardly_a_tick_is_left_to_python(monkeypatch):
    asked = []
    monkeypatch.setattr(Expression, "at", lambda _self, tick: asked.append(tick) or 0.0)
    for text in (
        "0.95**epoch",
        "0.5*(1+cos(pi*epoch/1e5))**0.9",
        "1/epoch if epoch > 0 else 1",
        "0.1**(epoch//30)",
    ):
        parse(text)(np.arange(100_000.0))
    assert asked == []


DOMAIN = "a function is not defined there"
COMPLEX = "a fractional power of a negative number is complex"


@pytest.mark.parametrize(
    ("text", "step", "reason"),
    [
        pytest.param("2**epoch", 1024, "a number is too large", id="long-integer"),
        pytest.param("2.0**epoch", 1024, "a number is too large", id="overflow"),
        pytest.param("1/epoch", 0, "division by zero", id="division"),
        pytest.param("5//(epoch-3)", 3, "division by zero", id="floor-division"),
        pytest.param("5%(epoch-3)", 3, "division by zero", id="modulo"),
        pytest.param("0 and 1 or epoch**-2", 0, "division by zero", id="power-of-zero"),
        pytest.param("math.sqrt(5-epoch)", 6, DOMAIN, id="root"),
        pytest.param("log(7 - epoch)", 7, DOMAIN, id="logarithm"),
        pytest.param("log(epoch - 4) if epoch > 3 else 0", 4, DOMAIN, id="branch-taken"),
        pytest.param("log(2, 3 - epoch)", 2, "division by zero", id="logarithm-to-base-one"),
        pytest.param("math.pow(3 - epoch, 0.5)", 4, DOMAIN, id="pow-of-math"),
        pytest.param("pow(3 - epoch, 0.5)", 4, COMPLEX, id="pow"),
        pytest.param("exp(epoch)", 710, "a number is too large", id="exponential"),
        pytest.param("(-1)**0.5", 0, COMPLEX, id="complex-constant"),
        pytest.param("(4-epoch)**0.5", 5, COMPLEX, id="complex"),
        pytest.param("int(inf) if epoch > 8 else 1", 9, "a number is too large", id="int-of-infinity"),
        pytest.param(
            "0/(1e308*10*(epoch > 4)+1)/(epoch-6)", 6, "division by zero", id="infinity-hides-nothing"
        ),
        pytest.param("9**9**9**epoch", 1, "a number is too large", id="more-than-a-computer-holds"),
        pytest.param("epoch + 9**9**9", 0, "a number is too large", id="constant-that-takes-hours"),
    ],
)
def test_first_tick_that_python_refuses(text, step, reason):
    for error in (refusal(parse(text), np.arange(2000.0)[::-1]), refusal(parse(text).at, step)):
        assert (error.step, str(error)) == (step, f"{text!r} has no value at epoch = {step}: {reason}")
        assert error.hint == f"give such ticks a value of their own, as in '... if epoch != {step} else 1'"


def test_ticks_before_the_refused_one_have_values():
    assert parse("math.sqrt(5-epoch)")(np.arange(6.0)).tolist() == [math.sqrt(5 - tick) for tick in range(6)]
    assert parse("2**epoch")(np.arange(1024.0)).tolist() == [2.0**tick for tick in range(1024)]


NAMES = "epoch, pi, e, inf"
FUNCTIONS = (
    "abs, ceil, cos, exp, fabs, float, floor, int, log, log10, log2, max, min, pow, round, "
    "sin, sqrt, tan, tanh"
)
OF_MATH = "ceil, cos, exp, fabs, floor, log, log10, log2, pow, sin, sqrt, tan, tanh"


@pytest.mark.parametrize(
    ("text", "unknown", "hint"),
    [
        pytest.param("eopch*2", "name 'eopch'", f"did you mean 'epoch'? there are {NAMES}", id="name"),
        pytest.param("step", "name 'step'", f"there are {NAMES}", id="far-name"),
        pytest.param("cos", "name 'cos'", f"there are {NAMES}", id="function-not-called"),
        pytest.param(
            "lambda e: epoch", "name 'epoch'", "there are e, pi, inf", id="lambda-has-its-own-names"
        ),
        pytest.param("math.tau", "number of math 'tau'", "there are pi, e, inf", id="number-of-math"),
        pytest.param(
            "sqr(1)", "function 'sqr'", f"did you mean 'sqrt'? there are {FUNCTIONS}", id="function"
        ),
        pytest.param("__import__('os')", "function '__import__'", f"there are {FUNCTIONS}", id="import"),
        pytest.param(
            "math.coz(1)", "function of math 'coz'", f"did you mean 'cos'? there are {OF_MATH}", id="coz"
        ),
        pytest.param(
            "math.abs(1)", "function of math 'abs'", f"did you mean 'fabs'? there are {OF_MATH}", id="abs"
        ),
    ],
)
def test_unknown_names(text, unknown, hint):
    error = refusal(parse, text)
    assert (str(error), error.hint) == (f"unknown {unknown} in the expression {text!r}", hint)
    assert error.step is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("np.cos(epoch)", "np.cos", id="numpy"),
        pytest.param("epoch.real", "epoch.real", id="attribute"),
        pytest.param("math.pi.real", "math.pi.real", id="attribute-of-a-number"),
        pytest.param("[1, 2][epoch]", "[1, 2][epoch]", id="subscript"),
        pytest.param("1 + 'a'", "'a'", id="string"),
        pytest.param("1j*epoch", "1j", id="complex"),
        pytest.param("None", "None", id="none"),
        pytest.param("1 + ...", "...", id="ellipsis"),
        pytest.param("epoch & 1", "epoch & 1", id="bitwise"),
        pytest.param("~epoch", "~epoch", id="invert"),
        pytest.param("epoch in 1", "epoch in 1", id="membership"),
        pytest.param("epoch is 1", "epoch is 1", id="identity"),
        pytest.param("1 + (x := 1)", "x := 1", id="walrus"),
        pytest.param("max(*epoch, 1)", "*epoch", id="star"),
        pytest.param("(lambda x: x)(1)", "lambda x: x", id="inner-lambda"),
        pytest.param("[e for e in 1]", "[e for e in 1]", id="comprehension"),
    ],
)
def test_what_is_not_allowed(text, part):
    error = refusal(parse, text)
    assert str(error) == f"{part!r} is not allowed in the expression {text!r}"
    assert error.hint == (
        "there are numbers, epoch, + - * / // % **, comparisons, and, or, not, 'a if test else b', "
        f"pi, e, inf, {FUNCTIONS}"
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("min(epoch)", "min takes 2 or more plain values", id="too-few"),
        pytest.param("cos(1, 2)", "cos takes 1 plain value", id="too-many"),
        pytest.param("pow(2, 3, 4)", "pow takes 2 plain values", id="three-powers"),
        pytest.param("math.log(1, 2, 3)", "log takes 1 or 2 plain values", id="logarithm"),
        pytest.param("round(1, ndigits=2)", "round takes 1 plain value", id="keyword"),
        pytest.param("int()", "int takes 1 plain value", id="nothing"),
    ],
)
def test_wrong_calls(text, hint):
    error = refusal(parse, f"1 + {text}")
    assert (str(error), error.hint) == (f"{text!r} cannot be called so", hint)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0.95**", id="unfinished"),
        pytest.param("", id="empty"),
        pytest.param("1; 2", id="statements"),
        pytest.param("x = 1", id="assignment"),
        pytest.param("1\0", id="null"),
        pytest.param("(" * 300 + ")" * 300, id="brackets"),
        pytest.param("9" * 5000, id="longer-than-python-reads"),
    ],
)
def test_not_an_expression(text):
    error = refusal(parse, text)
    assert str(error) == f"{text!r} is not an expression"
    assert error.hint == "write it as in Python, such as '0.95**epoch'"


@pytest.mark.parametrize(
    "text", ["lambda: 1", "lambda a, b: 1", "lambda a=1: a", "lambda *a: 1", "lambda a, *, b: 1"]
)
def test_a_lambda_with_other_arguments(text):
    error = refusal(parse, text)
    assert str(error) == f"the arguments of {text!r} do not fit: it is called with epoch"
    assert error.hint == "start it with 'lambda epoch:'"


def test_too_deep():
    error = refusal(parse, "+".join(["epoch"] * 400))
    assert str(error) == (
        "the expression 'epoch+epoch+epoch+epoch+epoch+epoch+epoc...' is nested more than 100 levels deep"
    )
    assert error.hint == "write a long sum or choice as pairs of shorter ones in brackets"


def test_as_deep_as_allowed_can_be_computed():
    expression = parse("+".join(["epoch"] * 98))
    assert (expression.at(2), expression(np.array([2.0]))[0]) == (196.0, 196.0)


def test_names_and_equality():
    expression = Expression.parse("lambda x, y: x - y", "epoch", "scale")
    assert (expression.variables, expression.at(5, 0.5)) == (("x", "y"), 4.5)
    assert {parse("epoch"), parse(" epoch ")} == {parse("epoch")}
    assert parse("1") != Expression.parse("1", "step")
    with pytest.raises(TypeError, match="one variable, not"):
        expression(np.arange(3.0))
    with pytest.raises(TypeError, match="one variable, not"):
        expression.bounds(np.zeros(1), np.ones(1))


def test_whole_ticks_are_integers_and_other_values_are_not():
    assert parse("3**epoch % 10").at(50.0) == parse("3**epoch % 10").at(np.float64(50)) == pow(3, 50, 10)
    assert Expression.parse("x*2", "epoch", "x").at(1, np.float32(0.5)) == 1.0
    assert parse("epoch / 2").at(2.5) == 1.25


def test_refusal_names_all_variables():
    error = refusal(Expression.parse("t/x", "t", "x").at, 3, 0.0)
    assert (str(error), error.step) == ("'t/x' has no value at t = 3, x = 0.0: division by zero", 3)


def bounds(text, low, high):
    least, most = parse(text).bounds(np.array([float(low)]), np.array([float(high)]))
    return [least[0], most[0]]


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        pytest.param("2*epoch - 1", 3, 9, [5, 17], id="line"),
        pytest.param("1 - epoch/100", 0, 100, [0, 1], id="falling"),
        pytest.param("epoch % 7", 0, 10**9, [0, 6], id="whole-modulo"),
        pytest.param("epoch % 7", 15, 19, [1, 5], id="within-one-turn"),
        pytest.param("epoch % -7", 0, 100, [-6, 0], id="negative-modulus"),
        pytest.param("epoch*0.5 % 7", 0, 100, [0, 7], id="float-modulo"),
        pytest.param("epoch // 30", 30, 59, [1, 1], id="one-stair"),
        pytest.param("1 if epoch < 10 else 0.1", 0, 9, [1, 1], id="decided"),
        pytest.param("1 if epoch < 10 else 0.1", 9, 10, [0.1, 1], id="undecided"),
        pytest.param("1/epoch if epoch > 0 else 1", 4, 8, [0.125, 0.25], id="beyond-the-pole"),
        pytest.param("1/epoch", 0, 8, [-math.inf, math.inf], id="pole"),
        pytest.param("min(1, (epoch+1)/100)", 0, 10**6, [0.01, 1], id="min"),
        pytest.param("abs(epoch - 5)", 2, 7, [0, 3], id="absolute"),
        pytest.param("cos(epoch)", 0, 7, [-1, 1], id="whole-wave"),
        pytest.param("sin(inf*epoch)", 1, 2, [-1, 1], id="wave-of-anything"),
        pytest.param("tan(epoch)", 1, 2, [-math.inf, math.inf], id="pole-of-the-tangent"),
        pytest.param("epoch and 0.5", 1, 9, [0.5, 0.5], id="and"),
        pytest.param("epoch and 0.5", 0, 9, [0, 0.5], id="and-undecided"),
        pytest.param("epoch or 20", 0, 9, [0, 20], id="or-undecided"),
        pytest.param("5", 0, 9, [5, 5], id="number"),
    ],
)  # fmt: skip
def test_bounds(text, low, high, expected):
    assert bounds(text, low, high) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        pytest.param("0.95**epoch", 0, 100, [0.95**100, 1], id="power"),
        pytest.param("(epoch - 9)**2", 0, 10, [0, 81], id="even-power"),
        pytest.param("(epoch - 9)**3", 0, 8, [-729, -1], id="odd-power"),
        pytest.param("(-2)**epoch", 0, 3, [-8, 8], id="alternating"),
        pytest.param("epoch**-0.5", 4, 16, [0.25, 0.5], id="root"),
        pytest.param("cos(epoch/10)", 1, 20, [math.cos(2), math.cos(0.1)], id="falling-cosine"),
        pytest.param("sin(epoch/10)", 1, 20, [math.sin(0.1), 1], id="over-the-top"),
        pytest.param("exp(-epoch)", 0, 3, [math.exp(-3), 1], id="exponential"),
        pytest.param("log(epoch)", 1, 8, [0, math.log(8)], id="logarithm"),
    ],
)
def test_bounds_of_functions_are_a_few_units_wider(text, low, high, expected):
    least, most = bounds(text, low, high)
    assert least <= expected[0]
    assert most >= expected[1]
    assert [least, most] == pytest.approx(expected, rel=1e-14, abs=1e-14)


def test_bounds_narrow_to_the_value():
    ticks = np.arange(1.0, 500.0)
    expression = parse("epoch/100*exp(1 - epoch/100)*(1 + 0.1*cos(epoch/5)) + 0.5*0.9**(epoch//30)")
    least, most = expression.bounds(ticks, ticks)
    np.testing.assert_allclose(least, expression(ticks), rtol=1e-13)
    np.testing.assert_allclose(most, expression(ticks), rtol=1e-13)


OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or"]
UNARY = ["cos", "sin", "tan", "exp", "log", "log2", "log10", "sqrt", "floor", "ceil", "tanh", "fabs"]
UNARY += ["abs", "int", "float", "round", "-", "not "]
BINARY = ["min", "max", "pow", "math.pow"]
LEAVES = [
    "epoch",
    "(1+epoch)",
    "(epoch/100)",
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "100",
    "0.1",
    "0.5",
    "1.0",
    "1e-3",
]


def grow(part):
    return st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from(OPERATORS), part),
        st.builds("({}({}))".format, st.sampled_from(UNARY), part),
        st.builds("{}({}, {})".format, st.sampled_from(BINARY), part, part),
        st.builds("({} if {} else {})".format, part, part, part),
    )


leaves = st.one_of(st.just("epoch"), st.sampled_from([*LEAVES, "1e17", "pi"]))
texts = st.recursive(leaves, grow, max_leaves=8)
ticks_in = st.one_of(st.integers(0, 40), st.integers(0, 5000), st.integers(0, 10**12))


def value(expression, tick):
    try:
        return expression.at(tick)
    except ScheduleError as error:
        return error


@given(texts, ticks_in)
def test_any_expression_is_pythons(text, tick):
    ours = value(parse(text), tick)
    if isinstance(ours, ScheduleError) and str(ours).endswith(("too large", "complex")):
        return  # Python might compute for hours, or go on with a complex number
    if isinstance(ours, ScheduleError):
        with pytest.raises((ArithmeticError, ValueError)):
            python(text, tick)
    else:
        assert ours == pytest.approx(python(text, tick), rel=0, abs=0, nan_ok=True)


@given(texts, st.lists(ticks_in, min_size=1, max_size=12))
def test_any_array_is_its_values(text, ticks):
    expression = parse(text)
    values = {tick: value(expression, tick) for tick in ticks}
    refused = [tick for tick in ticks if isinstance(values[tick], ScheduleError)]
    if refused:
        assert refusal(expression, np.array(ticks, dtype=float)).step == min(refused)
    else:
        expected = [values[tick] for tick in ticks]
        np.testing.assert_allclose(
            expression(np.array(ticks, dtype=float)), expected, rtol=1e-14, atol=1e-312
        )


@given(texts, ticks_in, st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_any_value_is_within_its_bounds(text, low, offsets):
    expression = parse(text)
    least, most = bounds(text, low, low + max(offsets))
    for offset in offsets:
        found = value(expression, low + offset)
        if not isinstance(found, ScheduleError) and not math.isnan(found):
            assert least <= found <= most
