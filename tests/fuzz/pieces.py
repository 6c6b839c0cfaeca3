"""What stands in every grammar: numbers, durations, words and text, mostly right; and how text is spoilt."""

from __future__ import annotations

import re

from lrviz.notation.fact import FACTS
from lrviz.resolve.keys import KEYS

NUMBERS = ("0", "1", "2", "10", "0.1", "1e-3", "3e-4", "0.06", "100", "1000", "350k", "1e6", "0.9", "0.999")
ODD_NUMBERS = (
    *("-1", "-0.0", "1e308", "1e-320", "1e400", "-1e308", "inf", "-inf", "nan", "9007199254740993", "1e15"),
    *(
        "1" * 400,
        "1" * 4400,
        "0x10",
        "1_000",
        "1,5",
        "1e",
        "--1",
        "+1",
        ".5",
        "5.",
        "٣",
        "½",
        "1e-400",
        "007",
    ),
)
UNITS = ("", "", "%", "ep", "k", "M", " steps", "epochs", "ba", "%%", "ep ", "‰")
TEXTS = (
    *("", " ", "x" * 3000, "é", "\u202e", "\ufeff", "\x1b]0;x\x07", "\t", "\n", "\r\n", "'", '"', "\\", "💥"),
    *(
        "None",
        "true",
        "null",
        "${HOME}",
        "$(id)",
        "`id`",
        "%s",
        "{}",
        "[]",
        "[[{}]]",
        "{0}",
        "../..",
        "~",
        "-",
    ),
    *("__import__('os')", "a.b.c", "!!python/object:x", "&a *a", "<<", "::", "==", "a=b=c", "#", "🙂" * 50),
)
HOSTILE = (None, [], {}, [[{}]], "text", "", -1, 0, 1e308, 2**70, True, float("inf"), [1, "a"], {"a": 1})
"""What may stand in the place of any value of a file of data."""
_TOKEN = re.compile(r"\d[\d._eE+-]*|\w+|\s+|[^\w\s]")


def number(random):
    """A number as text, one of five odd."""
    if random.random() < 0.5:
        return random.choice(NUMBERS)
    if random.random() < 0.6:
        return f"{random.choice([1, 10, 1e-3, 1e-5, 1000]) * random.randint(1, 99):.6g}"
    return random.choice(ODD_NUMBERS)


def duration(random):
    """A number with a unit."""
    return number(random) + random.choice(UNITS)


def word(random):
    """A word that means something somewhere, or text of any kind."""
    known = random.choice((list(KEYS), list(FACTS), ["linear", "cosine", "step", "epoch", "front", "sgd"]))
    return random.choice(known) if random.random() < 0.8 else random.choice(TEXTS)


def value(random):
    """A value of a key."""
    one = random.choice((number, number, duration, duration, word))
    if random.random() < 0.1:
        return ",".join(one(random) for _ in range(random.randint(2, 5)))
    return one(random)


def spoilt(random, text, times=3):
    """Text with a few of its tokens left out, doubled, exchanged, or others in their place."""
    tokens = _TOKEN.findall(text)
    for _ in range(random.randint(1, times)):
        if tokens:
            random.choice((left_out, doubled, exchanged, replaced, replaced, cut_off))(random, tokens)
    return "".join(tokens)


def left_out(random, tokens):
    at = random.randrange(len(tokens))
    del tokens[at : at + random.randint(1, 4)]


def doubled(random, tokens):
    at = random.randrange(len(tokens))
    tokens[at:at] = tokens[at : at + random.randint(1, 9)] * random.choice((1, 1, 1, 40))


def exchanged(random, tokens):
    one, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]


def replaced(random, tokens):
    """Numbers are what files are about: one of them in the place of another, or anything."""
    numbers = [at for at, token in enumerate(tokens) if token[:1].isdigit()]
    if numbers and random.random() < 0.6:
        tokens[random.choice(numbers)] = number(random)
    else:
        tokens[random.randrange(len(tokens))] = random.choice((*TEXTS, number(random), word(random)))


def cut_off(random, tokens):
    """At a place near the end more often than at another."""
    del tokens[int(len(tokens) * random.random() ** 0.2) :]


def some(random, share, change, given):
    """A thing changed in a share of all cases, in the others as it is."""
    return change(random, given) if random.random() < share else given


def typed(text):
    """Text as an argument can have it: no system passes a zero byte."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
