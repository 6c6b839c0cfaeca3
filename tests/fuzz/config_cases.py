"""Configs in TOML, JSON and YAML, of right tables with odd keys and values, and with spoilt text."""

from __future__ import annotations

import json
import re

import yaml
from case import Case
from check_cases import expectation, spoilt_bytes
from pieces import HOSTILE, number, some, spoilt, value, word
from spec_cases import ENTRIES, SHORT, call, expression

from lrviz.resolve.keys import KEYS

HEADS = ("plan", "defaults", "sweep", "output", "schedule", "check", "phase", "name", "x")
WORDS = (
    ("show",),
    ("values", "--at", "0,last"),
    ("check",),
    ("plan",),
    ("show", "--explain"),
    ("diff", "linear"),
)


def table(random, keys):
    """Some keys with values that are mostly theirs."""
    return {key: of_key(random, key) for key in random.sample(keys, min(len(keys), random.randint(0, 4)))}


def of_key(random, key):
    """The example of a key, or anything."""
    if key in KEYS and random.random() < 0.7:
        return KEYS[key].example
    return random.choice(
        (value(random), number(random), as_number(random), expression(random), random.choice(HOSTILE))
    )


def as_number(random):
    """A number that is none of text."""
    try:
        return float(number(random))
    except ValueError:
        return random.randint(-9, 999)


def schedule(random):
    """One schedule with parameters of its own, keys of the run, and phases."""
    entry = random.choice(ENTRIES)
    found = {"name": random.choice((entry.id, random.choice(SHORT))), **table(random, [*entry.params, *KEYS])}
    if found["name"] == entry.id:
        found.update({key: plain(one) for key, one in entry.example.items() if random.random() < 0.9})
    if random.random() < 0.15:
        found["phase"] = [{**schedule(random), "until": value(random)} for _ in range(random.randint(1, 3))]
    if random.random() < 0.1:
        found["schedulers"] = [call(random), schedule(random)]
    return found


def plain(one):
    """A value of an example in data alone."""
    return (
        one if isinstance(one, (str, int, float, list, dict)) and not isinstance(one, complex) else str(one)
    )


def config(random):
    """Tables as a config has them, one of them now and then something else."""
    found = {
        "plan": {"steps": 100, **table(random, list(KEYS))},
        "defaults": {"lr": 0.1, **table(random, list(KEYS))},
    }
    if random.random() < 0.5:
        found["schedule"] = [schedule(random) for _ in range(random.randint(1, 3))]
    else:
        found.update(schedule(random))
    if random.random() < 0.3:
        found["sweep"] = {
            key: [of_key(random, key) for _ in range(random.randint(0, 3))]
            for key in table(random, list(KEYS))
        }
    if random.random() < 0.3:
        found["check"] = [{"expect": [expectation(random) for _ in range(random.randint(0, 2))]}]
    if random.random() < 0.2:
        found["output"] = {"title": value(random), **table(random, ["file", "title", "x"])}
    if random.random() < 0.2:
        found[random.choice(HEADS)] = random.choice(
            (*HOSTILE, [found["plan"]], {word(random): random.choice(HOSTILE)})
        )
    return found


def in_toml(data):
    """Data in TOML: keys in front, then tables, then lists of tables; it has no null."""
    flat = [f"{quoted(key)} = {inline(one)}" for key, one in data.items() if not is_table(one)]
    for key, one in data.items():
        for inner in (one if isinstance(one, list) else [one]) if is_table(one) else ():
            head = f"[[{quoted(key)}]]" if isinstance(one, list) else f"[{quoted(key)}]"
            flat += [head, *(f"{quoted(name)} = {inline(each)}" for name, each in inner.items())]
    return "\n".join(flat) + "\n"


def is_table(one):
    return isinstance(one, dict) or (
        isinstance(one, list) and one and all(isinstance(each, dict) for each in one)
    )


def quoted(key):
    return key if re.fullmatch(r"[A-Za-z_]+", key) else json.dumps(key)


def inline(one):
    """A value in one line."""
    if isinstance(one, dict):
        return f"{{{', '.join(f'{quoted(key)} = {inline(inner)}' for key, inner in one.items())}}}"
    if isinstance(one, list):
        return f"[{', '.join(map(inline, one))}]"
    return "nan" if one is None else json.dumps(one).replace("Infinity", "inf").replace("NaN", "nan")


LANGUAGES = {
    ".toml": in_toml,
    ".json": json.dumps,
    ".yaml": yaml.safe_dump,
}


def config_case(random):
    """A config, read by its suffix or from stdin."""
    suffix, write = random.choice(list(LANGUAGES.items()))
    data = json.loads(json.dumps(config(random)))  # as any of the languages has it: keys are texts
    text = some(random, 0.4, spoilt, write(data))
    content = some(random, 0.05, spoilt_bytes, text.encode("utf-8", "replace"))
    command, *more = random.choice(WORDS)
    if random.random() < 0.1:
        return Case((command, "-", *more), stdin=content)
    return Case((command, f"run{suffix}", *more), {f"run{suffix}": content})
