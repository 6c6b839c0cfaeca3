"""levanter: the trainer and optimizer of its YAML, and options of the same dotted names; in float32.

Source: levanter 1.2.dev1644 ``optim/config.py``, ``trainer.py``, ``optim/muon.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, literal, number, whole
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.within import read_value
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


def _cycles_kind(raw: Raw) -> Any:
    """A number, or a list of whole numbers.

    Raises:
        Unfit: it is something else.

    """
    found = literal(raw)
    if isinstance(found, list):
        return tuple(whole(Raw(one)) for one in found)
    return number(raw)


SETTINGS = (
    Setting("trainer.num_train_steps", whole, 400_000, "steps"),
    Setting("optimizer.learning_rate", number, 6e-4, "lr"),
    Setting("optimizer.min_lr_ratio", number, 0.1),
    Setting("optimizer.lr_schedule", literal, "cosine"),
    Setting("optimizer.warmup", number, 0.01, "warmup"),
    Setting("optimizer.decay", number),
    Setting("optimizer.rewarmup", number, 0.0),
    Setting("optimizer.cooldown", number),
    Setting("optimizer.cycle_length", _cycles_kind),
    Setting("optimizer.cycles", _cycles_kind),
    Setting("optimizer.haps", _cycles_kind),
    Setting("optimizer.adam_lr", number),
)
SCHEDULES = ("constant", "cosine", "linear", "inv_sqrt", "inv", "power")
OWN = {"cosine": ("exponent",), "inv_sqrt": ("timescale",), "power": ("batch_size", "seq_length", "a", "b")}
"""What a schedule takes in a table of its own."""


def claims(source: Source) -> bool:
    """``levanter`` in the module that runs, or a trainer with ``num_train_steps`` or ``train_batch_size``."""
    if source.language == "command":
        return "levanter" in source.program or "trainer.num_train_steps" in source.data
    trainer = source.config.get("trainer")
    return isinstance(trainer, dict) and bool({"num_train_steps", "train_batch_size"} & trainer.keys())


def read(run: Settings) -> Spec:
    """The run of ``num_train_steps`` updates: cycles of warmup, stable and decay."""
    steps = run.line(run.TOTAL_STEPS, "num_train_steps", run["trainer.num_train_steps"])
    cycles, length = _cycles(run, steps), run["optimizer.cycle_length"]
    main = steps - _steps(run["optimizer.cooldown"] or 0, steps)
    warmup = run["optimizer.warmup"]
    run.warmup = _steps(warmup, _first_cycle(main, cycles, length))
    _check_cosine(run, main, cycles)
    _say_traps(run)
    return run.curve(
        "levanter.lr_scheduler",
        learning_rate=run["optimizer.learning_rate"],
        num_train_steps=steps,
        steps=steps,
        lr_schedule=_schedule(run),
        **_own(run),
        min_lr_ratio=run["optimizer.min_lr_ratio"],
        warmup=warmup,
        decay=run["optimizer.decay"],
        rewarmup=run["optimizer.rewarmup"],
        cooldown=run["optimizer.cooldown"],
        cycles=cycles,
        cycle_length=length,
    )


def _say_traps(run: Settings) -> None:
    if run["optimizer.warmup"] == 1:
        run.warn(
            "warmup-of-all",
            "warmup: 1 is all of the run, not one update: the LR only rises",
            at="optimizer.warmup",
        )
    if run.is_said("optimizer.adam_lr"):
        run.note(
            "second-lr", f"what is no matrix trains by adam, at a peak of {lr_text(run['optimizer.adam_lr'])}"
        )


def _check_cosine(run: Settings, main: int, cycles: Value) -> None:
    """Refuse a warmup that leaves nothing to a cosine, which is the default."""
    length = _first_cycle(main, cycles, run["optimizer.cycle_length"])
    lasts = _steps(run["optimizer.warmup"], length)
    if _schedule(run) != "cosine" or run["optimizer.decay"] is not None or lasts < length:
        return
    warmup = run["optimizer.warmup"]
    if warmup == 1:
        text = "warmup: 1 is all of the run, not one update"
    else:
        text = f"warmup: {warmup:g} is {lasts} updates, and there are {length}"
    run.refuse(f"{text}: nothing is left to the cosine, and optax stops", at="optimizer.warmup", instead=0.01)


def _schedule(run: Settings) -> str:
    """The name, which may stand in a table of its own."""
    found = run["optimizer.lr_schedule"]
    name, own = (found.get("type"), {*found} - {"type"}) if isinstance(found, dict) else (found, set())
    if name not in SCHEDULES or not own <= {*OWN.get(str(name), ())}:
        run.refuse(
            f"lr_schedule={found!r} is none that is read",
            hint=f"--given optimizer.lr_schedule=cosine (or one of {', '.join(SCHEDULES[2:])})",
            at="optimizer.lr_schedule",
        )
    return str(name)


def _own(run: Settings) -> dict[str, Value]:
    """What the table of a schedule says beside its name."""
    path = "optimizer.lr_schedule"
    table = run[path] if isinstance(run[path], dict) else {}
    said = {key: value for key, value in table.items() if key != "type"}
    own = {key: read_value(run, f"{path}.{key}", one, number, like=1.0) for key, one in said.items()}
    return _of_power(run, own) if _schedule(run) == "power" else own


def _of_power(run: Settings, own: dict[str, Any]) -> dict[str, Value]:
    """The amplitude of a batch, and the tokens of an update; both must be told.

    Raises:
        ConfigError: they are not, or the LR would rise with the tokens.

    """
    missing = [name for name in ("batch_size", "seq_length") if not own.get(name)]
    if missing:
        run.refuse(
            f"power needs {' and '.join(missing)} in its table",
            hint="lr_schedule: {type: power, batch_size: 512, seq_length: 1024}",
            at="optimizer.lr_schedule",
        )
    a, b = own.get("a", 4.6), own.get("b", -0.51)
    if a <= 0 or b >= 0:
        run.refuse("power expects a > 0 and b < 0", hint="a: 4.6, b: -0.51", at="optimizer.lr_schedule")
    return {
        "amplitude": own["batch_size"] * a,
        "tokens_per_step": own["batch_size"] * own["seq_length"],
        "token_power": b,
    }


def _cycles(run: Settings, steps: int) -> Value:
    """``cycles``, or the older ``haps``: how many, or where each of them ends."""
    name = "optimizer.cycles" if run.is_said("optimizer.cycles") else "optimizer.haps"
    found: Value = run[name]
    if isinstance(found, (int, float)) and not (isinstance(found, int) and 0 < found <= steps):
        run.refuse(f"{found} cycles in {steps} updates", at=name, instead=2)
    return found


def _first_cycle(steps: int, cycles: Value, length: Value) -> int:
    """Updates of the first cycle."""
    first: Any = cycles[0] if isinstance(cycles, tuple) and cycles else None
    if isinstance(cycles, int):
        first = int(steps / cycles) if cycles > 0 else None
    if length is not None:
        first = length[0] if isinstance(length, tuple) and length else length
    return _steps(first, steps) if isinstance(first, (int, float)) else steps


def _steps(value: float, steps: int) -> int:
    """A share of the updates up to 1, else their number."""
    return int(value * steps) if value <= 1 else int(value)


TRAINER = ForeignTrainer(
    "levanter",
    "1.2.dev1644",
    SETTINGS,
    claims,
    read,
    files=("config_path",),
    no_training=NoTraining(programs=r"levanter[./]main[./](?!train_|lora_)"),
    keys=KnownKeys(fate=by_language(command=Fate.STOPS, yaml=Fate.STOPS)),
    known_by="trainer.num_train_steps or trainer.train_batch_size",
)
