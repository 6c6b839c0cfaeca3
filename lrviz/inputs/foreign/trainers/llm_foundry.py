"""LLM-Foundry: the YAML of ``train.py``, whose lengths are Composer's times: ``3ep``, ``4800ba``, ``1e9tok``.

Source: llm-foundry 0.22.0 ``command_utils/train.py``, ``optim/__init__.py``, ``data/finetuning``,
and composer 0.32.1 ``core/time.py``, ``optim/scheduler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.ranks import BY_RANK
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, switch, text, whole
from lrviz.inputs.foreign.shared.even_batches import check_even
from lrviz.inputs.foreign.shared.mosaic_runs import is_run_file, parameters_of
from lrviz.inputs.foreign.shell.world import Launcher, product
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.within import with_numbers
from lrviz.notation.origin import Given
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.key import Unfit
from lrviz.resumption.left_out import IGNORED, without_ignored
from lrviz.resumption.restored import RULES
from lrviz.resumption.resume_rule import of_step
from lrviz.schedules.composer.run import Run, parse

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.shell.world import Count, Said
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value
    from lrviz.resumption.resume_rule import Rule


def _ratio(raw: Raw) -> float | str:
    """``auto``, or rows that are packed into one.

    Raises:
        Unfit: it is neither.

    """
    if raw.value == "auto":
        return "auto"
    found = number(raw)
    if found < 1:
        raise Unfit
    return found


def _time(raw: Raw) -> float | str:
    """A time of Composer, which lrviz also writes as a share of the run, ``6%``.

    Raises:
        Unfit: it is neither text nor a number.

    """
    if not isinstance(raw.value, str):
        return number(raw)
    share = raw.value.removesuffix("%")
    return raw.value if share == raw.value else f"{number(Raw(share)) / 100:g}dur"


SETTINGS = (
    Setting("optimizer.lr", number, None, "lr"),
    Setting("optimizer.name", text, "decoupled_adamw"),
    Setting("scheduler.name", text),
    Setting(IGNORED, literal),
    Setting("scheduler.t_warmup", _time, None, "warmup", ("t_warmup",)),
    Setting("max_duration", text),
    Setting("global_train_batch_size", whole, None, "batch_size"),
    Setting("max_seq_len", whole, None, "seq_len"),
    Setting("train_loader.name", text, ""),
    Setting("train_loader.drop_last", switch, default=False, key="drop_last"),
    Setting("train_loader.dataset.packing_ratio", _ratio),
    Setting("tokens_per_sample", whole),
)
SCHEDULES = {
    "cosine_with_warmup": "composer.CosineAnnealingWithWarmupScheduler",
    "linear_decay_with_warmup": "composer.LinearWithWarmupScheduler",
    "constant_with_warmup": "composer.ConstantWithWarmupScheduler",
    "inv_sqrt_with_warmup": "llmfoundry.InverseSquareRootWithWarmupScheduler",
}
"""Its registry of schedulers, and what lrviz calls each."""


def claims(source: Source) -> bool:
    """``composer``, ``train/train.py``; ``max_duration``, scheduler and ``train_loader``, of a run too."""
    if source.language == "command":
        launcher = str(source.launch.world.origin) if isinstance(source.launch.world, Given) else ""
        is_script = source.program.endswith("train/train.py") and "config_file" not in source.data
        return launcher.startswith("composer") or is_script
    return {"max_duration", "scheduler", "train_loader"} <= source.config.keys() or is_run_file(source)


def read(run: Settings) -> Spec:
    """The run of ``max_duration``: the scheduler is told the run, and counts in its own unit."""
    name = run.choose("scheduler.name", SCHEDULES)
    if run.is_said(IGNORED):
        run.get(IGNORED)
    check_even(run)
    duration = _duration(run)
    unit = parse(duration, "max_duration").unit
    times = _times(run)
    units = {unit, *(parse(str(one), key).unit for key, one in times.items() if isinstance(one, str))}
    sizes = _sizes(run, units)
    composer = Run(duration, **sizes)
    total = _total(run, composer, unit)
    run.warmup = composer.length(str(times["t_warmup"]), "t_warmup").first
    lion = "lion" in run["optimizer.name"]
    return run.curve(
        SCHEDULES[name],
        times,
        lr=run.get("optimizer.lr", 1e-4 if lion else 1e-3),
        steps=total,
        max_duration=duration,
        **sizes,
    )


def _duration(run: Settings) -> str:
    """``max_duration``; a bare number is one of epochs."""
    run.ask("max_duration", "scheduler.t_warmup")
    text_of = run["max_duration"]
    return f"{text_of}ep" if text_of.isdigit() else text_of


def _times(run: Settings) -> dict[str, Value]:
    """What the scheduler is given beside its name; ``--given`` may leave out the ``scheduler.`` of a name."""
    table = run.raw("scheduler") or {}
    own = dict(table) if isinstance(table, dict) else {}
    start, first, extra = "scheduler.", run.source, run.lookup.extra
    said = first.data if first.language == "command" else {}
    own |= {key.removeprefix(start): one for key, one in said.items() if key.startswith(start)}
    names = {*own, *(key.removeprefix(start) for key in extra if key.startswith(start))} - {"name"}
    given = {key: run.lookup.beside(start + key) or run.lookup.beside(key) for key in sorted(names)}
    own |= {key: one.value for key, one in given.items() if one}
    warmup = str(run["scheduler.t_warmup"])
    is_typed = run.origin("scheduler.t_warmup").place is None
    own["t_warmup"] = f"{warmup}ba" if is_typed and warmup.isdigit() else warmup
    return {key: _value(value) for key, value in own.items() if key != "name"}


def _value(value: object) -> Value:
    """A value of the scheduler as OmegaConf reads its text: a number, or YAML's true and false."""
    text_of = value.lower() if isinstance(value, str) else ""
    return text_of == "true" if text_of in ("true", "false") else with_numbers(value)


def _sizes(run: Settings, units: set[str]) -> dict[str, int]:
    """Sizes of a batch and of an epoch, as far as a unit needs them."""
    found = {}
    needs = ["global_train_batch_size"] * bool({"sp", "tok"} & units)
    needs += _needs_of_epoch(run) if "ep" in units else []
    is_padded = run["train_loader.name"] == "finetuning" and "tok" in units
    needs += ["tokens_per_sample"] * is_padded
    needs += ["max_seq_len"] * ("tok" in units and not is_padded and not run.is_said("tokens_per_sample"))
    run.ask(*needs)
    if "ep" in units:
        found["batches_per_epoch"] = _batches(run)
        run.note_epoch()
    size = run["global_train_batch_size"]
    if "sp" in units:
        found["samples_per_batch"] = size
    if "tok" in units:
        each = run.get("tokens_per_sample", run["max_seq_len"])
        found["tokens_per_batch"] = run.product("tokens of a batch", size, each)
    if any(found.get(name, 1) < 1 for name in ("samples_per_batch", "tokens_per_batch")):
        _refuse_empty(run)
    return found


def _refuse_empty(run: Settings) -> None:
    """Refuse a batch without a sample or a token, by the setting that says so."""
    for name, some in (("global_train_batch_size", 256), ("tokens_per_sample", 2048), ("max_seq_len", 2048)):
        if run.is_said(name) and run[name] < 1:
            run.refuse(f"{name}={run[name]} is no size of a batch", at=name, instead=some)


def _needs_of_epoch(run: Settings) -> list[str]:
    if run.is_said("batches_per_epoch") or run["train_loader.dataset.packing_ratio"] == "auto":
        return ["batches_per_epoch"]
    is_packed = run["train_loader.dataset.packing_ratio"] not in (None, 1.0)
    return ["dataset_len", "global_train_batch_size"] + ["world_size"] * is_packed


def _batches(run: Settings) -> int:
    """Batches of an epoch: the rows over the batch of all devices, which packing makes larger."""
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    n, size = run.ask("dataset_len"), run["global_train_batch_size"]
    ratio = run["train_loader.dataset.packing_ratio"]
    if ratio not in (None, 1.0):
        world = run.ask("world_size")
        rows = int(size // world * ratio) * world
        size = run.line("rows of a batch", f"int({size} / {world} * {ratio}) * {world}", rows)
    return run.divide(run.BATCHES_PER_EPOCH, n, size, down=run["train_loader.drop_last"])


def _total(run: Settings, composer: Run, unit: str) -> int:
    """Batches up to the end of the run."""
    if unit in ("sec", "iter"):
        run.refuse(
            f"max_duration={composer.max_duration}: how many batches that is shows when it runs",
            at="max_duration",
            instead="1000ba",
        )
    length = composer.length("1dur", "max_duration")
    each = length.each
    formula = str(length.value) if unit == "ba" else f"ceil({length.value}{unit} / {each})"
    if unit == "ep":
        formula = f"{composer.duration.value} * {composer.batches_per_epoch}"
    if length.value < 1:
        run.refuse("an epoch without a batch", hint=run.longer("<batches_per_epoch=1000>"))
    return run.line(run.TOTAL_STEPS, formula, ceil_div(length.value, each))


def _processes(said: Said) -> Count:
    """Those of Composer's own launcher, on all nodes or on this one."""
    return product(said, ("world_size", None)) or product(said, ("nproc n", None)) or said.unknown("--nproc")


def _restores(run: Settings) -> Rule | str:
    """Without the schedulers of the checkpoint the LR that is said here is the base one."""
    ignored = run[IGNORED] if run.is_said(IGNORED) else None
    try:
        return without_ignored(ignored, RULES["llmfoundry"]) if isinstance(ignored, list) else ""
    except SpecError as error:
        return of_step(error.message)


TRAINER = ForeignTrainer(
    "llm_foundry",
    "0.22.0",
    SETTINGS,
    claims,
    read,
    program="llm-foundry",
    aliases=("composer", "composer_llmfoundry"),
    read_file=parameters_of,
    takes_repeats=False,
    schedules=SCHEDULES,
    keys=KnownKeys(("llm_foundry",), by_language(Fate.STOPS)),
    launchers={"composer": Launcher(_processes, "v verbose m module_mode c command_mode version h help")},
    ranks=BY_RANK._replace(starter="composer"),
    no_training=NoTraining(programs=r"(^|/)eval(/|\.py$)"),
    resumes=("load_path", "autoresume"),
    resumes_weights="load_weights_only",
    restores=_restores,
    ends_early={Setting("callbacks", literal): ""},
    known_by="max_duration, scheduler.name and train_loader, also as the parameters of a run of MosaicML's",
)
