"""What is asked of curves: expectations, facts, kept curves, files at a revision."""

from __future__ import annotations

import json

from case import Case
from pieces import HOSTILE, duration, number, some, spoilt, typed, word
from spec_cases import spec

from lrviz.notation.fact import FACTS

SIGNS = ("==", "!=", "<", "<=", ">", ">=", "~=", "=", "is", "===", "=<")
RUN = ("--steps", "100", "--lr", "0.1")
CURVE = "cosine:warmup=10"


def fact(random):
    """A fact with what it takes."""
    name = random.choice(list(FACTS))
    inside = {
        "(LR)": f"({number(random)})",
        "(STEP)": f"({duration(random)})",
        " at LR": f" at {number(random)}",
    }
    return name + inside.get(FACTS[name].takes, "")


def expectation(random):
    """A sentence of the grammar."""
    share = random.choice((number, duration))(random)
    text = random.choice(
        (
            f"{fact(random)} {random.choice(SIGNS)} {share}",
            f"{fact(random)} {random.choice(SIGNS)} {share}",
            f"{fact(random)} between {share} and {number(random)}",
            f"{random.choice(('peak', 'low', 'last'))} at {duration(random)}",
            f"{random.choice(('falls', 'rises'))} after {random.choice(('warmup', duration(random)))}",
            f"no jump > {share}",
            f"never {random.choice(('below', 'above'))} {share}",
            f'same as "{some(random, 0.5, spoilt, CURVE)}"',
            f"same as {spec(random)}",
            f"same as {random.choice(('lr.csv', 'no.json', 'git:HEAD:x', '-', '.'))}",
        )
    )
    return f"{word(random)}: {text}" if random.random() < 0.2 else text


def expectation_case(random):
    """Expectations of one curve or two, as options."""
    texts = [some(random, 0.3, spoilt, expectation(random)) for _ in range(random.choice((1, 1, 2, 4)))]
    asked = [part for text in texts for part in ("--expect", typed(text))]
    more = random.choice(
        ((), ("--format", "json"), ("--format", "junit"), ("--strict",), ("--ignore", typed(word(random))))
    )
    return Case(("check", *random.choice(((CURVE,), (CURVE, "linear"))), *RUN, *asked, *more))


def fact_case(random):
    """Facts in ``--get`` and ``--columns``."""
    texts = [some(random, 0.2, spoilt, fact(random)) for _ in range(random.choice((1, 2, 4)))]
    words = random.choice(
        (
            ("show", CURVE, "--get", texts[0]),
            ("values", CURVE, "--get", texts[0]),
            ("show", CURVE, "--columns", ",".join(texts)),
            ("compare", CURVE, "linear", "--columns", ",".join(texts)),
            ("plan", "--get", texts[0]),
        )
    )
    return Case((*map(typed, words), *RUN))


def table(random):
    """A CSV as ``values`` writes it, with odd cells."""
    columns = random.randint(1, 3)
    heads = ["step", *(word(random) for _ in range(columns))]
    cells = [[str(step), *(number(random) for _ in range(columns))] for step in range(random.randint(0, 12))]
    return "\n".join(",".join(row) for row in (heads, *cells)) + "\n"


def document(random):
    """A document or a baseline as ``values`` writes it, with odd values in places."""
    rows = [[step, random.random()] for step in range(random.randint(0, 9))]
    curve = {"label": "cosine", "spec": CURVE, "steps": 100, "ran": 100, "facts": {"peak": 0.1, "last": 1e-6}}
    found = {"lrviz": "1", "total_steps": 100, "columns": ["step", "cosine"], "rows": rows, "curves": [curve]}
    for _ in range(random.randint(0, 2)):
        holder = random.choice((found, curve, *(row for row in rows)))
        at = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
        holder[at] = random.choice(HOSTILE)
    return json.dumps(found)


def curve_file_case(random):
    """Kept curves, where each command reads them."""
    name, text = random.choice((("lr.csv", table), ("lr.json", document)))
    content = some(random, 0.3, spoilt, text(random)).encode("utf-8", "replace")
    content = some(random, 0.1, spoilt_bytes, content)
    words = random.choice(
        (
            ("diff", name, CURVE, *RUN),
            ("diff", name, name),
            ("check", CURVE, *RUN, "--baseline", name),
            ("check", CURVE, *RUN, "--expect", f"same as {name}"),
            ("show", name),
            ("show", "plateau", "--metrics", f"{name}:{typed(word(random))}", *RUN),
        )
    )
    return Case(words, {name: content})


def spoilt_bytes(random, content):
    """Bytes that no editor writes."""
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice((b"\xff", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\r")) + content[at:]


def revision_case(random):
    """A file at a revision, in a repository and out of one."""
    revision = random.choice(
        ("HEAD", "HEAD~1", "HEAD~9", "main", "v1", ":0", "@{1}", "HEAD^{tree}", "--help", "")
    )
    path = random.choice(
        ("run.toml", "./run.toml", "no.toml", "../x", "/run.toml", "", "lr.csv", ".", "x" * 300)
    )
    text = typed(some(random, 0.4, spoilt, f"git:{revision}:{path}"))
    words = random.choice(
        (("show", text), ("diff", text, "run.toml"), ("diff", text, CURVE), ("check", text))
    )
    return Case(words, folder=random.choice(("repository", "repository", "repository", "empty")))
