"""Formulas, and what Python makes of them."""

from __future__ import annotations

import math

import pytest

from lrviz.engine.expression import Expression
from lrviz.errors import ScheduleError

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
    formula = eval(text if text.startswith("lambda") else f"lambda epoch: {text.strip()}", {**BARE})
    return float(formula(tick))


def refusal(call, *arguments):
    with pytest.raises(ScheduleError) as caught:
        call(*arguments)
    return caught.value
