"""fairseq: the options of ``fairseq-train``, and the YAML and words of ``fairseq-hydra-train``.

Source: fairseq 0.12.2 ``fairseq_cli/train.py``, ``dataclass/configs.py`` and ``optim/lr_scheduler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, numbers, switch, text, whole
from lrviz.inputs.foreign.shared.fairseq_composite import note_group, with_group
from lrviz.inputs.foreign.shared.fairseq_groups import check_groups, check_options
from lrviz.inputs.foreign.shared.fairseq_scheduler import SCHEDULERS, chosen, is_list, peak
from lrviz.inputs.foreign.shared.hydra import with_config_file
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _unless_zero(raw: Raw) -> int | None:
    """A whole number; 0 is no limit.

    Raises:
        Unfit: it is something else.

    """
    return whole(raw) or None


def _of(group: str, *settings: Setting) -> tuple[Setting, ...]:
    """Settings by their name in the YAML; the option has no group before it."""
    return tuple(
        one._replace(name=f"{group}.{one.name}", aliases=(one.name, *one.aliases)) for one in settings
    )


SETTINGS = (
    Setting("lr_scheduler._name", text, "fixed", "", ("lr_scheduler",)),
    *_of(
        "optimization",
        Setting("lr", numbers, (0.25,), "lr"),
        Setting("update_freq", numbers, (1,), "grad_accum"),
        Setting("max_update", _unless_zero, None, "steps"),
        Setting("max_epoch", _unless_zero, None, "epochs"),
        Setting("stop_min_lr", number, -1.0),
        Setting("skip_remainder_batch", switch, default=False),
    ),
    *_of(
        "lr_scheduler",
        Setting("warmup_updates", whole, None, "warmup"),
        Setting("warmup_init_lr", number, -1, "warmup_start"),
        Setting("min_lr", number, 0.0, "min_lr"),
        Setting("max_lr", number),
        Setting("t_mult", number, 1.0),
        Setting("lr_period_updates", number),
        Setting("lr_shrink", number, 0.1),
        Setting("shrink_min", switch, default=False),
        Setting("total_num_update", number),
        Setting("end_learning_rate", number, 0.0),
        Setting("power", number, 1.0),
        Setting("force_anneal", whole, None, "", ("fa",)),
        Setting("warmup_steps", whole, 0),
        Setting("hold_steps", whole, 0),
        Setting("decay_steps", whole, 0),
        Setting("phase_ratio", numbers),
        Setting("init_lr_scale", number, 0.01),
        Setting("final_lr_scale", number, 0.01),
        Setting("lr_decay", number, 0.5),
        Setting("lr_deacy_period", whole, 25000, "", ("lr_decay_period",)),
    ),
)
PROGRAMS = ("fairseq-train", "fairseq-hydra-train", "fairseq_cli/train.py", "fairseq_cli.train")
OPTIMIZATION = frozenset(
    {
        *("_name", "clip_norm", "debug_param_names", "lr", "max_epoch", "max_update", "sentence_avg"),
        *("skip_remainder_batch", "stop_min_lr", "stop_time_hours", "update_freq", "use_bmuf"),
    }
)
"""All fields of the dataclass that hydra holds a file's ``optimization`` against."""
HYDRA = ("fairseq-hydra-train", "hydra_train.py", "fairseq_cli.hydra_train")


def claims(source: Source) -> bool:
    """Its programs, a ``train.py`` with ``--arch`` and another of its options, or ``lr_scheduler._name``."""
    if source.language == "command":
        own = {"lr_scheduler", "task", "criterion"} & source.data.keys()
        is_old = source.script == "train.py" and "arch" in source.data and bool(own)
        is_its = source.script.startswith("fairseq-")
        return is_old or is_its or any(name in source.program for name in (*PROGRAMS, *HYDRA))
    table = source.data.get("lr_scheduler")
    is_named = isinstance(table, dict) and "_name" in table
    return source.language == "yaml" and (
        is_named or {"common", "task", "optimization"} <= source.data.keys()
    )


def read(run: Settings) -> Spec:
    """A scheduler that is asked for update t before it is made."""
    note_group(run)
    check_groups(run)
    check_options(run)
    name = chosen(run)
    by_epoch = name == "fixed" and (is_list(run) or run["lr_scheduler.force_anneal"] is not None)
    steps = _length(run, needs_epochs=by_epoch)
    curve, values = SCHEDULERS[name](run, steps)
    lowest = run["optimization.stop_min_lr"]
    if lowest >= 0:
        ends = "ends the run after an epoch whose LR is not above it: not counted here"
        text = f"--stop-min-lr {lr_text(lowest)} {ends}"
        run.note("may-stop-early", text, at="optimization.stop_min_lr")
    return run.curve(curve, **({"lr": peak(run)} | values), steps=steps)


def _length(run: Settings, *, needs_epochs: bool) -> int:
    """``--max-update``, or the updates of ``--max-epoch``, whichever is first."""
    limit, epochs = run["optimization.max_update"], run["optimization.max_epoch"]
    if epochs is None:
        limit = run.ask("optimization.max_update")
    if limit is not None and not (needs_epochs or run.is_said("batches_per_epoch")):
        if epochs is not None:
            run.note(
                "max-update-assumed",
                f"--max-update {limit} is taken to end the run before --max-epoch {epochs} does",
                hint="<batches_per_epoch=1000> tells",
                at="optimization.max_epoch",
            )
        return run.line(run.TOTAL_STEPS, "max_update", limit)
    batches = run.ask("batches_per_epoch")
    counts = _updates_of_epochs(run, batches)
    if needs_epochs and len(set(counts)) > 1:
        run.refuse(
            "epochs of different lengths and an LR for each epoch are not read together",
            hint="<grad_accum=1>",
            at="optimization.update_freq",
        )
    total = limit if epochs is None else _of_epochs(run, batches, epochs, counts)
    return run.line(run.TOTAL_STEPS, "the end that comes first", min(total, limit or total))


def _updates_of_epochs(run: Settings, batches: int) -> list[int]:
    """The updates of the first epochs, of which each takes its own number of batches; the last one lasts."""
    frequencies = run["optimization.update_freq"]
    if not frequencies or not all(isinstance(one, int) and one > 0 for one in frequencies):
        run.refuse(
            f"--update-freq {frequencies}: whole numbers above 0",
            hint="<grad_accum=1>",
            at="optimization.update_freq",
        )
    drops = run["optimization.skip_remainder_batch"]
    are_alike = len({batches // one if drops else ceil_div(batches, one) for one in frequencies}) == 1
    label = run.STEPS_PER_EPOCH if are_alike else "steps of an epoch"
    return [run.divide(label, batches, one, down=drops) for one in frequencies]


def _of_epochs(run: Settings, batches: int, epochs: int, counts: list[int]) -> int:
    """The updates of all epochs, where the last frequency lasts."""
    last = epochs - len(counts)
    total = sum(counts[:epochs]) + max(last, 0) * counts[-1]
    if not total:
        run.refuse(f"an epoch of {batches} batches makes no update", hint="<grad_accum=1>")
    formula = f"{epochs} * {counts[0]}" if len(set(counts)) == 1 else f"of {epochs} epochs"
    return run.line("updates of all epochs", formula, total)


def _fate(first: Source, layer: Source, _version: str) -> Fate:
    """Argparse stops, but for ``--user-dir``, whose modules add options, and hydra's words."""
    is_argparse = layer.language == "command" and not any(name in first.program for name in HYDRA)
    return Fate.STOPS if is_argparse and "user_dir" not in first.data else Fate.KEPT


TRAINER = ForeignTrainer(
    "fairseq",
    "0.12.2",
    SETTINGS,
    claims,
    read,
    read_words=with_config_file,
    read_file=with_group,
    takes_repeats=False,
    dash="-",
    takes_beginnings=False,
    keys=KnownKeys(("fairseq",), _fate, tables={"optimization": OPTIMIZATION}),
    no_training=NoTraining(programs="fairseq-(?!train|hydra-train)"),
    ends_early={Setting("patience", literal, None, "", ("checkpoint.patience",)): ""},
    known_by="fairseq-train, or lr_scheduler._name or task beside optimization in YAML",
)
