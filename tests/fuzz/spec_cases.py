"""What people type: specs with braces, schedules in schedules, expressions, pasted calls, options."""

from __future__ import annotations

from case import Case
from pieces import HOSTILE, duration, number, some, spoilt, typed, value, word

from lrviz.catalogue.registry import catalogue
from lrviz.describe.example import example
from lrviz.resolve.keys import KEYS

ENTRIES = list(catalogue().values())
SHORT = ("cosine", "linear", "step", "wsd", "constant", "cyclic", "onecycle", "plateau", "polynomial", "sgdr")
OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "<",
    "<=",
    "==",
    "!=",
    " and ",
    " or ",
    " if ",
    " else ",
    ",",
)
FUNCTIONS = (
    "min",
    "max",
    "cos",
    "math.sqrt",
    "exp",
    "log",
    "abs",
    "int",
    "round",
    "pow",
    "floor",
    "tanh",
    "bool",
)
VALUES = ("values", "--at", "0,50%,last")
READS = (("show",), ("show",), VALUES, VALUES, ("check",), ("compare",), ("plan",))
_EXAMPLES = {}


def written(entry):
    """The example of an entry as a spec."""
    if entry.id not in _EXAMPLES:
        _EXAMPLES[entry.id] = example(entry).spec
    return _EXAMPLES[entry.id]


def spec(random):
    """A schedule with parameters of its own and keys of the run."""
    entry = random.choice(ENTRIES)
    text = random.choice((written(entry), entry.id, random.choice(SHORT)))
    pairs = [
        f"{random.choice([*entry.params, *KEYS])}={of_any_kind(random)}" for _ in range(random.randint(0, 3))
    ]
    if random.random() < 0.3 and "=" in text:
        pairs.append(spoilt(random, text.partition(":")[2], 1))
        text = text.partition(":")[0]
    return f"{text}{',' if ':' in text else ':' if pairs else ''}{','.join(pairs)}"


def of_any_kind(random):
    """A value: plain, in braces, a call, a list of calls, or an expression."""
    return random.choice((value, value, value, braces, call, expression))(random)


def braces(random):
    """Several values at once, or a range."""
    if random.random() < 0.2:
        return f"{{{random.randint(-9, 9)}..{random.choice((3, 40, 2000, 10**9))}}}"
    return f"{{{','.join(value(random) for _ in range(random.randint(1, 4)))}}}"


def call(random, deep=0):
    """A schedule as the value of a parameter."""
    entry = random.choice(ENTRIES)
    text = f"{entry.name}({written(entry).partition(':')[2]})"
    return (
        f"{entry.name}(schedulers={call(random, deep + 1)})" if random.random() < 0.2 and deep < 4 else text
    )


def expression(random, deep=0):
    """A formula of the tick."""
    if deep > 3 or random.random() < 0.3:
        return random.choice(("epoch", "epoch", "x", number(random)))
    inner = [expression(random, deep + 1) for _ in range(random.randint(1, 3))]
    if random.random() < 0.4:
        return f"{random.choice(FUNCTIONS)}({','.join(inner)})"
    if random.random() < 0.2:
        return f"({inner[0]} if {inner[-1]} else {number(random)})"
    return f"({random.choice(OPERATORS).join(inner)})"


def options(random, most=3):
    """Options of the run, each with a value or without."""
    words = []
    for _ in range(random.randint(0, most)):
        key = random.choice([one for one in KEYS.values() if one.option])
        text = random.choice((key.example, *key.choices, of_any_kind(random), value(random)))
        words += [f"--{key.name.replace('_', '-')}", *([text] if key.name != "drop_last" else [])]
    return words


def run_words(random):
    """A run as most people give it."""
    return random.choice(
        ([], ["--steps", "100", "--lr", "0.1"], ["--epochs", "3", "--batches-per-epoch", "39"])
    )


def spec_case(random):
    """One spec or a few."""
    words = [some(random, 0.3, spoilt, spec(random)) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    return Case((*random.choice(READS), *map(typed, words), *run_words(random)))


def expression_case(random):
    """A formula where frameworks take a function, called directly or in a spec."""
    text = some(random, 0.2, spoilt, expression(random))
    head = random.choice(
        ("lambda:lr_lambda=", "torch.MultiplicativeLR:lr_lambda=", "cyclic:base_lr=0,max_lr=1,scale_fn=")
    )
    form = random.choice((text, f"lambda epoch: {text}"))
    whole = random.choice(
        (f"{head}{form}", f'{head}"{form}"', f"LambdaLR(optimizer, lr_lambda=lambda epoch: {text})")
    )
    return Case(
        (
            *random.choice((("show",), VALUES)),
            typed(whole),
            "--steps",
            random.choice(("9", "1000", "1e5")),
            "--lr",
            "1",
        )
    )


def pasted_case(random):
    """A call as it stands in code, with Python's own values."""
    entry = random.choice(ENTRIES)
    values = [
        *entry.example.values(),
        *HOSTILE,
        "lambda e: e",
        "args.lr",
        "len(loader) * 3",
        "1e-3 / 2",
        "f(x)",
    ]
    pairs = [f"{name}={shown(one)}" for name, one in entry.example.items()]
    pairs += [
        f"{name}={shown(random.choice(values))}"
        for name in random.sample([*entry.params], min(2, len(entry.params)))
    ]
    name = random.choice(
        (entry.name, entry.id, f"scheduler = torch.optim.lr_scheduler.{entry.name}", "get_scheduler")
    )
    text = f"{name}({', '.join(['optimizer', *pairs])})"
    return Case((*random.choice(READS), typed(some(random, 0.3, spoilt, text)), *run_words(random)))


def shown(one):
    """A value in Python: text of an expression as it is."""
    return one if isinstance(one, str) and "(" in one else repr(one)


def duration_case(random):
    """A length or a place, wherever one may stand."""
    text = some(random, 0.2, spoilt, duration(random))
    words = random.choice(
        (
            ("show", f"cosine:warmup={text}"),
            ("show", "cosine", "--warmup", text),
            ("plan", "--steps", text),
            ("plan", "--epochs", text, "--batches-per-epoch", "7"),
            ("values", "cosine", "--at", text),
            ("values", "cosine", "--from", text, "--every", "100"),
            ("values", "cosine", "--every", text, "--to", "9"),
            ("show", f"torch.StepLR:step_size={text}", "--steps", "90"),
            ("show", f"composer.StepScheduler:step_size={text}", "--steps", "90"),
        )
    )
    return Case(tuple(map(typed, words)))


def number_case(random):
    """A number, wherever one may stand."""
    text = some(random, 0.2, spoilt, number(random))
    words = random.choice(
        (
            ("show", "cosine", "--lr", text),
            ("show", f"torch.ExponentialLR:gamma={text}", "--steps", "90", "--lr", "1"),
            ("values", "cosine", "--below", text),
            ("show", "cosine_with_min_lr", "--min-lr", text),
            ("show", "linear", "--layer-decay", text, "--layers", "3"),
            ("plan", "--dataset-len", text, "--batch-size", number(random), "--epochs", "3"),
            ("diff", "cosine:lr=1,steps=9,warmup=0", "linear:lr=1,steps=9,warmup=0", "--rtol", text),
            ("show", "plateau", "--metric", f"noisy(noise={text},seed=3)"),
        )
    )
    return Case(tuple(map(typed, words)))


def option_case(random):
    """Options of the run and of a command; names and values may be spoilt, paths are not."""
    own = random.choice(
        (
            ("show", "--columns", value(random)),
            ("show", "--format", random.choice(("json", "csv", "markdown", "text", word(random)))),
            ("show", "--explain"),
            ("show", "--quantity", word(random)),
            ("values", "--at", value(random), "--format", random.choice(("json", "plain", "csv", "github"))),
            ("compare", "linear", "--reference", word(random)),
            ("plan", "--format", random.choice(("toml", "json", "csv", value(random)))),
            (
                "plot",
                "-o",
                "-",
                "--format",
                random.choice(("svg", "png", word(random))),
                "--title",
                value(random),
            ),
            ("info",),
            (word(random),),
        )
    )
    words = [own[0], random.choice(SHORT), *own[1:], *options(random)]
    spoil = random.random() < 0.25 and own[0] != "plot"
    at = random.randrange(len(words))
    return Case(
        tuple(typed(spoilt(random, one) if spoil and i == at else one) for i, one in enumerate(words))
    )
