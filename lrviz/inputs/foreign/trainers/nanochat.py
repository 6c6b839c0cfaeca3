"""nanochat: ``python -m scripts.base_train --depth 12 --num-iterations 3000``.

Source: nanochat 92d63d4 (2026-07), ``scripts/base_train.py``, ``scripts/chat_rl.py`` and ``setup_optimizer``
of ``nanochat/gpt.py``; ``base_train.py`` of 2025-10, 2026-01 and 2026-02.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.ranks import BY_RANK
from lrviz.inputs.foreign.setting import Raw, Setting, count, number, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.nanochat_sft import note_muon, supervised, tokens_of_all
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec, Value


def _unless_auto(raw: Raw) -> int | None:
    """A whole number; -1 leaves it to the script.

    Raises:
        Unfit: it is something else.

    """
    return None if (found := whole(raw)) == -1 else found


SETTINGS = (
    Setting("num_iterations", _unless_auto, None, "steps"),
    Setting("total_batch_size", _unless_auto),
    Setting("warmup_steps", whole, 40, "warmup"),
    Setting("warmdown_ratio", number, 0.65),
    Setting("final_lr_frac", number, 0.05),
    Setting("matrix_lr", number, 0.02, "lr"),
    Setting("embedding_lr", number, 0.3),
    Setting("unembedding_lr", number, 0.008),
    Setting("scalar_lr", number, 0.5),
    Setting("depth", whole, 20),
    Setting("aspect_ratio", whole, 64),
    Setting("head_dim", whole, 128),
    Setting("device_batch_size", whole, 32, "batch_size"),
    Setting("max_seq_len", whole, 2048, "seq_len"),
    Setting("warmup_ratio", number),
    Setting("num_epochs", whole, 1, "epochs"),
    Setting("examples_per_step", count, 16),
    Setting("init_lr_frac", number, 0.05),
)
WARMDOWN = (("2026-03", 0.65), ("2026-01-31", 0.5), ("2026-01-05", 0.4), ("0", 0.2))
"""The default share of the warmdown, from a version on."""
GSM8K = 7473
"""Rows of the data set of ``chat_rl``."""
SCRIPTS = ("base_train", "chat_sft", "chat_rl", "mid_train")
REFERENCE = 2**19
"""Tokens in a batch of the model of depth 12, for which the LRs were found."""
REFERENCE_DEPTH, REFERENCE_DIM = 12, 768
SMEAR_LR = 0.2


def claims(source: Source) -> bool:
    """A script of its ``scripts``, as a module or a file."""
    return source.module.split(".")[-2:] in [["scripts", one] for one in SCRIPTS]


def read(run: Settings) -> Spec:
    """A warmup of (t + 1) / W, the LR, and a line down over the last part; each kind of weight has its LR."""
    script = run.source.module.rpartition(".")[2]
    if script in READERS:
        return READERS[script](run)
    _check_script(run, script)
    _set_version(run)
    steps, batch = _length(run)
    run.line(run.TOTAL_STEPS, "num_iterations", steps)
    tokens_of_all(run, batch, run.ask("world_size") if run.is_said("world_size") else 1)
    warmup, ratio, final = _warmup(run, steps), run["warmdown_ratio"], run["final_lr_frac"]
    down = run.line("warmdown", f"round({ratio} * {steps})", round(ratio * steps))
    weights = _weights(run, math.sqrt(batch / REFERENCE))
    if not down or warmup + down > steps:
        factor = _factor(warmup, steps, down, final)
        return run.curve("torch.LambdaLR", steps=steps, lr_lambda=factor, **weights)
    return run.curve(
        "torchtitan.LRSchedulersContainer",
        steps=steps,
        warmup_steps=warmup,
        decay_ratio=down / steps,
        min_lr_factor=final,
        **weights,
    )


def _of_rl(run: Settings) -> Spec:
    """``chat_rl``: a line from a share of the LRs to 0 over whole batches of all epochs."""
    run.set_defaults(embedding_lr=0.2, unembedding_lr=0.004)
    n = run.ask("dataset_len") if run.is_said("dataset_len") else GSM8K
    each, epochs = run["examples_per_step"], run["num_epochs"]
    steps = run.line(run.TOTAL_STEPS, f"floor({n} / {each}) * {epochs}", n // each * epochs)
    if steps < 1:
        run.refuse(f"{n} rows make no step of {each}", hint="--given examples_per_step=16")
    run.warmup = 0
    note_muon(run)
    return run.curve(
        "transformers.linear",
        lr=run["matrix_lr"] * run["init_lr_frac"],
        steps=steps,
        num_warmup_steps=0,
        num_training_steps=steps,
    )


def _set_version(run: Settings) -> None:
    """The defaults of a version; one with ``warmup_ratio`` is from before 2026-03."""
    places = (run.source.place((key,)).key for key in run.source.data)
    if not run.is_version_given and any(one.startswith("--") and "_" in one for one in places):
        run.assume("2025-10", "its options are written with _, at which later parsers stop")
    elif run.is_said("warmup_ratio") and not run.is_version_given:
        run.assume("2026-02-28", "--warmup-ratio is an option of up to 2026-03-09")
    if run.since("2026-03"):
        if run.is_said("warmup_ratio"):
            run.refuse(
                f"{run.title} takes warmup_steps and no warmup_ratio: it stops",
                hint="<trainer=nanochat@2026-02-28>",
                at="warmup_ratio",
            )
        return
    run.set_defaults(
        warmup_steps=0,
        warmdown_ratio=next(share for version, share in WARMDOWN if run.since(version)),
        final_lr_frac=0.0,
    )


def _check_script(run: Settings, script: str) -> None:
    if script == "mid_train":
        run.refuse(
            f"scripts.{script} sets the LR by how much of the data is used, which only its run tells",
            hint="lrviz show 'WSD:warmup=0,decay=50%' --steps 1000 is its shape",
        )


def _length(run: Settings) -> tuple[int, int]:
    """Updates, and tokens in a batch: both are asked for where they come from the model's parameters."""
    if not run.is_said("total_batch_size") and not run.since("2026-02-05"):
        return run.ask("num_iterations"), run.line("tokens in a batch", "2^19", REFERENCE)
    if run["total_batch_size"] is None and run["depth"] == REFERENCE_DEPTH:
        batch = run.line("tokens in a batch", "the batch of depth 12", REFERENCE)
        return run.ask("num_iterations"), batch
    steps, batch = run.ask("num_iterations", "total_batch_size")
    return steps, batch


def _warmup(run: Settings, steps: int) -> int:
    share = run["warmup_ratio"]
    warmup: int = run["warmup_steps"]
    if share is not None:
        warmup = run.line("warmup", f"round({share:g} * {steps})", round(share * steps))
    run.warmup = max(warmup - 1, 0)
    run.check_warmup(warmup, steps, ahead=1, hint=shorter_warmup(steps), at="warmup_steps")
    return warmup


def _factor(warmup: int, steps: int, down: int, final: float) -> str:
    """The factor where the line begins within the warmup, which cuts its beginning."""
    line = f"{final} + (1 - {final}) * ({steps} - epoch) / {down}" if down else "1.0"
    rise = f"(epoch + 1) / {warmup} if epoch < {warmup} else " if warmup else ""
    return f"{rise}1.0 if epoch <= {steps - down} else {line}"


def _weights(run: Settings, scale: float) -> dict[str, Value]:
    """The LR of each kind of weight; before 2026-03 there were other kinds, and Muon's is the one."""
    if run.since("2026-03"):
        return {"groups": _groups(run, scale)}
    run.note("lr-of-muon", "the LR is Muon's; embeddings and head have their own")
    return {"lr": run["matrix_lr"] * (scale if run.since("2026-01-07") else 1.0)}


def _groups(run: Settings, scale: float) -> tuple[Call, ...]:
    """The LR of each kind of weight: larger with the batch, most are smaller with the width."""
    width = ceil_div(run["depth"] * run["aspect_ratio"], run["head_dim"]) * run["head_dim"]
    wide = scale * (width / REFERENCE_DIM) ** -0.5
    lrs = {
        "matrix": run["matrix_lr"] * scale,
        "lm_head": run["unembedding_lr"] * wide,
        "embedding": run["embedding_lr"] * wide,
        "value_embeds": run["embedding_lr"] * wide * 0.5,
        "resid": run["scalar_lr"] * scale * 0.01,
        "x0": run["scalar_lr"] * scale,
        "smear": SMEAR_LR,
    }
    return tuple(Call(name, (("lr", lr),)) for name, lr in lrs.items())


READERS = {"chat_rl": _of_rl, "chat_sft": supervised}
"""Those of scripts with a run of their own."""

TRAINER = ForeignTrainer(
    "nanochat",
    "2026-07",
    SETTINGS,
    claims,
    read,
    dash="-",
    had_other_dash=True,
    keys=KnownKeys(("nanochat",), by_language(Fate.STOPS)),
    ranks=BY_RANK,
    resumes=("resume_from_step",),
    known_by="-m scripts.base_train",
    oldest="2025-10",
    takes_words=False,
)
