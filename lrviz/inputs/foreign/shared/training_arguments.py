"""transformers' ``TrainingArguments``: the settings of every trainer built on them.

Source: transformers 4.36 to 5.23, ``training_args.py``, ``trainer.py``, ``hf_argparser.py``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import is_here, read_here
from lrviz.inputs.foreign.known_keys import KnownKeys
from lrviz.inputs.foreign.opening import ARGS, script_beside, script_of
from lrviz.inputs.foreign.python.python_call import plain
from lrviz.inputs.foreign.python.python_fields import options_of_fields, parsed_by_name
from lrviz.inputs.foreign.setting import (
    Raw,
    Setting,
    literal,
    number,
    numbers,
    steps_or_share,
    switch,
    text,
    whole,
)
from lrviz.inputs.foreign.shared.deepspeed_schedule import CONFIG
from lrviz.inputs.foreign.shared.optimizer_lrs import OWN_LRS
from lrviz.inputs.foreign.shared.script_rows import rows_said
from lrviz.inputs.foreign.shared.script_trainer import said_by_trainer
from lrviz.inputs.foreign.shell.abbreviations import with_full_names
from lrviz.inputs.foreign.shell.command import with_switches
from lrviz.inputs.foreign.source import Source
from lrviz.inputs.foreign.unknown import Field
from lrviz.inputs.foreign.word import Word
from lrviz.notation.nearest import SLIP, nearest
from lrviz.notation.numbers import digits
from lrviz.notation.origin import Place
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.config.lines import KeyPath


def flag(raw: Raw) -> bool:
    """A switch that may have a value behind it: ``--dataloader_drop_last false``.

    Raises:
        Unfit: it is something else.

    """
    return switch(raw)


def table(raw: Raw) -> dict[str, Any]:
    """A table, or one in JSON; texts in it that are digits or ``true`` mean what they say.

    Raises:
        Unfit: it is no table.

    """
    value = raw.value
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if not isinstance(value, dict):
        key, _, one = str(value).partition("=")
        meant = {key: _untexted(one)} if key.isidentifier() and one else {}
        raise Unfit("which is a table in JSON", f"'{json.dumps(meant)}'")
    return {str(key): _untexted(one) for key, one in value.items()}


def _untexted(value: object) -> Any:
    if not isinstance(value, str):
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    return float(value) if "." in value and value.replace(".", "", 1).isdigit() else _whole(value)


def _whole(value: str) -> int | str:
    found = digits(value)
    return value if found is None else found


ARGUMENTS = (
    Setting("learning_rate", number, 5e-5, "lr"),
    Setting("lr_scheduler_type", text, "linear"),
    Setting("lr_scheduler_kwargs", table),
    Setting("warmup_steps", steps_or_share, 0, "warmup"),
    Setting("warmup_ratio", number),
    Setting("num_train_epochs", number, 3.0, "epochs"),
    Setting("max_steps", whole, -1, "steps"),
    Setting("per_device_train_batch_size", whole, 8, "batch_size", ("per_gpu_train_batch_size",)),
    Setting("gradient_accumulation_steps", whole, 1, "grad_accum"),
    Setting("dataloader_drop_last", flag, default=False, key="drop_last"),
    Setting("accelerator_config", literal),
    Setting("auto_find_batch_size", flag, default=False),
    Setting("optim", text),
    Setting("eval_strategy", text, "no", aliases=("evaluation_strategy",)),
    Setting("eval_steps", number),
    Setting("logging_steps", number, 500),
    Setting("use_cpu", flag, default=False, aliases=("no_cuda",)),
)
NO_FIELDS = frozenset(
    {
        *("train_rows", "packed_rows", "num_processes", "transformers", "max_train_samples", "block_size"),
        *("tp_size", "cp_size", "sp_size", "sequence_parallel_size"),
    }
)
"""Settings that are given, or a script's, and no fields of TrainingArguments."""
_AUTO_TP = "deepspeed.tensor_parallel.autotp_size"
SETTINGS = (
    *ARGUMENTS,
    Setting("streaming", flag, default=False, aliases=("dataset_streaming",)),
    Setting(OWN_LRS, numbers),
    Setting("train_rows", whole, aliases=("packed_rows",)),
    Setting("max_train_samples", whole),
    Setting("block_size", whole),
    Setting("num_processes", whole),
    Setting("transformers", text, "5.23.0"),
    Setting("tp_size", whole, 1, aliases=("parallelism_config.tp_size", _AUTO_TP)),
    Setting("cp_size", whole, 1, aliases=("parallelism_config.cp_size", "sequence_parallel_size")),
    Setting("sp_size", whole, 1, aliases=("parallelism_config.sp_size",)),
    CONFIG,
)
"""Its arguments, and what scripts add or only somebody who runs it knows."""
SIGNS = (
    "per_device_train_batch_size",
    "gradient_accumulation_steps",
    "num_train_epochs",
    "lr_scheduler_type",
    "output_dir",
    "do_train",
)


def has_arguments(source: Source) -> bool:
    """Two or more of the arguments that nobody else calls so, and no table of an optimizer beside them."""
    has_optimizer = isinstance(source.data.get("optimizer"), dict)
    keys = {key.replace("-", "_") for key in source.data}
    return not has_optimizer and sum(key in keys for key in SIGNS) > 1


def with_argparse_names(source: Source) -> Source:
    """The command with its options under their full names, those of its script's own classes among them."""
    spelled = {one for name in _options(source) for one in (name, name.replace("_", "-"))}
    return with_full_names(source, spelled, {one.key: one.name for one in SETTINGS if one.key})


def _options(command: Source) -> frozenset[str]:
    """Its options of which the first word is also that of a setting: one cut short may be any of them.

    Those of its script's own classes too, and then all others, since one of those may begin as any.
    """
    found, known = script_of(command), KnownKeys(("transformers",)).names()
    own = options_of_fields(found[1], [*parsed_by_name(found[1])])[0] if found else frozenset()
    first_words = {name.partition("_")[0] for one in ARGUMENTS for name in one.names}
    return own | {name for name in known if own or name.partition("_")[0] in first_words}


def with_args_file(layers: list[Source]) -> list[Source]:
    """``train.args`` beside ``train.py``, which transformers' parser reads before the command."""
    command, *files = layers
    script = Path(command.program)
    named = str(script.with_suffix(ARGS)) if script.suffix == ".py" else ""
    if not named or not is_here(command, named):
        return layers
    found = read_here(command, named, frozenset({ARGS}))
    words = tuple(Word.of(word) for word in decode(found.raw, found.name).split())
    said = Source(found.name, "command", {}, argv=words, words=command.words[:1], folder=command.folder)
    read = with_switches(said, ())
    return [command, with_argparse_names(read), *files]


def with_script(layers: list[Source]) -> list[Source]:
    """What comes first with what its script sets besides; of a command then the file beside the script."""
    first, *files = layers
    is_command = first.language == "command"
    script = script_beside(first) if is_command else first
    changed = _changed(script, layers, is_parsed=is_command) if script else {}
    data = {name: plain(value) for name, (value, _) in changed.items()}
    places: dict[KeyPath, Place] = {(name,): place for name, (_, place) in changed.items()}
    said = first.saying(data, places)
    if is_command and script:
        said = replace(said, assumed=(*said.assumed, *_misspelt(script)))
    return with_args_file([said, *files]) if is_command else [said, *files]


def _changed(script: Source, layers: list[Source], *, is_parsed: bool) -> dict[str, tuple[Any, Place]]:
    """The arguments that a script sets itself once they are parsed, or by the way, and where."""
    known = KnownKeys(("transformers", "trl")).names()
    parsed = script.python.changed.items() if is_parsed else ()
    changed = {
        name: (value, Place(script.name, line, name)) for name, (value, line) in parsed if name in known
    }
    made = None if is_parsed or not script.python.calls else script.python.calls[0]
    is_python = script.language == "python"
    said = said_by_trainer(script, made) | rows_said(script, made, layers) if is_python else {}
    given = {name: (_value(value, layers), place._replace(key=name)) for name, (value, place) in said.items()}
    return changed | given


def _misspelt(script: Source) -> Iterator[str]:
    """What is said of attributes of parsed arguments that are like a setting, and new."""
    known = KnownKeys(("transformers", "trl")).names()
    names = [name for one in ARGUMENTS for name in one.names]
    for name, (_, line) in script.python.changed.items():
        near = "" if name in known else nearest(name, names, cutoff=SLIP)
        if near:
            yield f"line {line} of {script.name} sets {name}, which nobody looks at: did you mean {near}?"


def _value(value: object, layers: list[Source]) -> Any:
    """What is said of a field that stands there, ``lr=args.lr``; the first source that has it counts."""
    if not isinstance(value, Field):
        return value
    found = next((one.data[value.name] for one in layers if value.name in one.data), value)
    return literal(Raw(found)) if isinstance(found, str) else found


def with_defaults(**defaults: Any) -> tuple[Setting, ...]:
    """The settings with the defaults of a trainer built on them."""
    return tuple(one._replace(default=defaults.get(one.name, one.default)) for one in SETTINGS)
