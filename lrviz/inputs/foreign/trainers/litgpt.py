"""litgpt: the YAML of ``litgpt pretrain`` and ``litgpt finetune_*``, and options of the same dotted names.

Source: litgpt 0.5.13 ``args.py``, ``pretrain.py``, ``finetune/lora.py``; 0.4.13 and 0.5.0 count alike.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, number, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.fabric_world import devices, joined
from lrviz.inputs.foreign.shared.litgpt_optimizer import LR, strays, with_optimizer
from lrviz.inputs.foreign.shell.abbreviations import refuse_other_dashes
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.numbers import lr_text
from lrviz.notation.spec import Call
from lrviz.plan.arithmetic import ceil_div
from lrviz.resumption.resume_rule import Rule, of_step

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _tokens(raw: Raw) -> int:
    """A whole number, ``1e9`` too.

    Raises:
        Unfit: it is something else.

    """
    return whole(Raw(number(raw)))


SETTINGS = (
    Setting("optimizer.init_args.lr", number, 1e-3, "lr"),
    Setting("train.min_lr", number, None, "min_lr"),
    Setting("train.lr_warmup_steps", whole, None, "warmup"),
    Setting("train.lr_warmup_fraction", number, None, "warmup_fraction"),
    Setting("train.global_batch_size", whole),
    Setting("train.micro_batch_size", whole, None, "batch_size"),
    Setting("train.max_tokens", _tokens),
    Setting("train.epochs", whole, 5, "epochs"),
    Setting("train.max_steps", whole, None, "steps"),
    Setting("train.max_seq_length", whole, None, "seq_len", ("block_size", "model_config.block_size")),
    Setting("devices", devices, None, "world_size"),
    Setting("num_nodes", whole, 1),
)
SIZES = {"global_batch_size", "micro_batch_size"}
LENGTHS = {"lr_warmup_steps", "lr_warmup_fraction", "max_tokens", "max_steps", "epochs"}
OWN = {"checkpoint_dir", "model_name"}
BESIDE = {*OWN, "out_dir", "optimizer"}
OTHERS = {"trainer", "model", "scheduler", "dataset"}
"""Tables that other programs have beside a ``train``."""
PRETRAIN = ("model_name", "initial_checkpoint_dir", "tokenizer_dir", "initial_validation")
PRETRAIN_ARGS = ("max_tokens", "max_norm", "tie_embeddings", "lr_warmup_fraction")
"""Settings that are of ``pretrain``: ``finetune_*`` stops at the second kind."""
SIGNS = {*SIZES, "lr_warmup_steps", "lr_warmup_fraction"}
_OF_PRETRAIN = {"model_name", "model_config", "initial_checkpoint_dir", "tokenizer_dir"}
_OF_LORA = {
    f"lora_{name}" for name in ("r", "alpha", "dropout", "query", "key", "value", "projection", "mlp", "head")
}
LACKS = {
    "pretrain": {"checkpoint_dir", "access_token", "quantize", *_OF_LORA},
    "finetune": {"resume", *_OF_PRETRAIN},
    "finetune_lora": {"resume", *_OF_PRETRAIN},
    "finetune_adapter": {"resume", *_OF_PRETRAIN, *_OF_LORA},
    "finetune_adapter_v2": {*_OF_PRETRAIN, *_OF_LORA},
    "finetune_full": {"quantize", *_OF_PRETRAIN, *_OF_LORA},
}
"""The keys of other programs of litgpt, by the one that is called."""


def _lacks(run: Settings) -> frozenset[str]:
    words = run.source.words
    return frozenset(LACKS.get(words[1], ()) if run.source.language == "command" and len(words) > 1 else ())


KEYS = KnownKeys(("litgpt",), by_language(Fate.STOPS), _lacks)

WITHOUT_TRAINING = (
    *("download", "chat", "evaluate", "serve", "merge_lora", "convert_to_litgpt", "convert_from_litgpt"),
    *("convert_pretrained_checkpoint", "generate", "generate_full", "generate_adapter"),
    *("generate_adapter_v2", "generate_sequentially", "generate_speculatively", "generate_tp"),
)


def claims(source: Source) -> bool:
    """``litgpt`` as the program, its ``train`` beside a checkpoint or an optimizer, or no key but its own."""
    if source.language == "command":
        return source.program == "litgpt"
    train, keys = source.data.get("train"), source.data.keys()
    if not isinstance(train, dict) or OTHERS & keys:
        return False
    if (SIZES & train.keys() and BESIDE & keys) or (LENGTHS & train.keys() and OWN & keys):
        return True
    return bool(SIGNS & train.keys()) and KEYS.names() >= {f"train.{key}" for key in train} | keys - {"train"}


def read_words(source: Source) -> Source:
    """A word ``null`` is no value, as jsonargparse has it, and an option has underscores alone.

    Raises:
        ConfigError: one has dashes.

    """
    refuse_other_dashes(source, TRAINER.setting_names, "_", "litgpt")
    return replace(source, data={name: None if one == "null" else one for name, one in source.data.items()})


def read(run: Settings) -> Spec:
    """The run of ``pretrain``, or of ``finetune_*``."""
    for option in strays(run.source) if not run.is_answered(LR) else ():
        text = f"{option} changes nothing: it does not reach the init_args of the optimizer"
        run.warn("setting-ignored", text, hint="change the lr in the file of --config")
    return _pretrain(run) if _is_pretrain(run) else _finetune(run)


def _is_pretrain(run: Settings) -> bool:
    words = run.source.words
    if run.source.language == "command" and len(words) > 1:
        return words[1] == "pretrain"
    if any(run.raw(name) is not None for name in PRETRAIN):
        return True
    is_finetuning = run.raw("checkpoint_dir") is not None
    return not is_finetuning and any(_is_in_train(run, name) for name in PRETRAIN_ARGS)


def _is_in_train(run: Settings, name: str) -> bool:
    """Whether ``train`` has a value of that name, in a file or a command."""
    return run.raw("train", name) is not None or run.raw(f"train.{name}") is not None


def _pretrain(run: Settings) -> Spec:
    """The cosine over micro-batches: an update uses the LR of the last one of its own."""
    _check_pretrain(run)
    iters, accum = _micro_batches(run)
    total = _positive(run, run.floor(run.TOTAL_STEPS, iters, accum))
    warmup = _warmup_iters(run, accum, iters)
    run.warmup = ceil_div(warmup, accum)
    lr, lowest = run["optimizer.init_args.lr"], run.get("train.min_lr", 4e-5)
    if lowest > lr > 0:
        return _rising(run, lr, lowest, total, (accum, warmup, iters))
    return run.curve(
        "megatron.OptimizerParamScheduler",
        max_lr=lr,
        min_lr=lowest,
        lr_warmup_steps=warmup,
        lr_decay_steps=max(iters, warmup + 1),
        lr_decay_style="cosine",
        calls=accum,
        lead=accum - 1,
        steps=total,
    )


def _check_pretrain(run: Settings) -> None:
    """Refuse what pretrain stops at, and warn of what it does not read."""
    if _is_in_train(run, "epochs"):
        run.refuse(
            "pretrain takes no train.epochs: it stops", hint="leave train.epochs out", at="train.epochs"
        )
    if run.is_said("train.lr_warmup_fraction") and _warmup_steps(run, 2000):
        run.refuse(
            "lr_warmup_fraction beside lr_warmup_steps, which is 2000 unless it is null: it stops",
            hint="<warmup=0>",
            at="train.lr_warmup_fraction",
        )
    if run.is_said("train.max_steps"):
        run.warn(
            "max-steps-unused", "pretrain does not read max_steps: max_tokens ends it", at="train.max_steps"
        )


def _micro_batches(run: Settings) -> tuple[int, int]:
    """Those of a process in all, and in an update."""
    needs = ["train.max_seq_length"] + ["batches_per_epoch"] * run.is_said("train.lr_warmup_fraction")
    world = _world(run, None, needs)
    micro = run.get("train.micro_batch_size", 4)
    accum = _accumulation(run, 512, micro, world)
    tokens, block = run.get("train.max_tokens", 3_000_000_000_000), run["train.max_seq_length"]
    formula = f"floor(floor({tokens} / {world}) / ({micro} * {block}))"
    return run.line("micro-batches", formula, tokens // world // (micro * block)), accum


def _rising(run: Settings, lr: float, lowest: float, total: int, counts: tuple[int, int, int]) -> Spec:
    """The cosine to a ``min_lr`` above the LR, which Megatron's scheduler would refuse."""
    accum, warmup, iters = counts
    text = f"min_lr {lr_text(lowest)} is above the LR {lr_text(lr)}: the cosine rises to it"
    run.warn("rises-to-min-lr", text, hint="<min_lr=0>", at="train.min_lr")
    done = f"(epoch * {accum} + {accum - 1})"
    rise = f"{done} / {warmup} if {done} < {warmup} else " if warmup else ""
    wave = f"(1 + cos(pi * ({done} - {warmup}) / {max(iters - warmup, 1)})) / 2"
    factor = f"{rise}{lowest / lr} + {1 - lowest / lr} * {wave}"
    return run.curve("torch.LambdaLR", lr=lr, steps=total, lr_lambda=factor)


def _warmup_iters(run: Settings, accum: int, iters: int) -> int:
    """Micro-batches of warmup, at most all."""
    if fraction := run["train.lr_warmup_fraction"]:
        batches = run.ask("batches_per_epoch")
        return run.line("warmup", f"ceil({fraction} * {batches})", min(iters, math.ceil(fraction * batches)))
    steps = _warmup_steps(run, 2000)
    if steps * accum >= iters:
        run.warn(
            "warmup-longer-than-run",
            f"warmup of {steps} updates in a run of {iters // accum}: the LR only rises",
            at="train.lr_warmup_steps",
        )
    return run.line("warmup", f"{steps} * {accum} micro-batches", min(iters, steps * accum))


def _finetune(run: Settings) -> Spec:
    """A warmup and a cosine over the updates of whole epochs, which are fewer than those of the run."""
    _check_finetune(run)
    if run.is_said("train.min_lr"):
        text = "finetune does not read train.min_lr: its cosine goes down to 0"
        run.warn("setting-ignored", text, at="train.min_lr")
    needs = [] if run.is_said("batches_per_epoch") else ["dataset_len"]
    world = _world(run, 1, needs or ["batches_per_epoch"])
    micro = run.get("train.micro_batch_size", 1)
    accum = _accumulation(run, 16, micro, world)
    batches = _batches(run, micro, world)
    run.note_epoch(of=accum)
    epochs, limit = run["train.epochs"], run["train.max_steps"] or math.inf
    length = int(min(epochs * (batches // accum), limit))
    run.line("schedule steps", f"min({epochs} * floor({batches} / {accum}), {limit})", length)
    total = int(min(epochs * batches // accum, limit))
    run.line(run.TOTAL_STEPS, f"min(floor({epochs} * {batches} / {accum}), {limit})", total)
    return _cosine(run, length, _positive(run, total))


def _cosine(run: Settings, length: int, total: int) -> Spec:
    """A warmup, then a cosine over what is left of ``length``."""
    lr, warmup = run["optimizer.init_args.lr"], _warmup_steps(run, 100)
    run.warmup = warmup
    if warmup == length:
        run.refuse(
            f"the warmup is all {length} updates: nothing is left to the cosine, and finetune stops",
            hint=shorter_warmup(length),
            at="train.lr_warmup_steps",
        )
    rise = f"epoch / {warmup}"
    if warmup >= total:
        run.warn_of_warmup(f"{warmup} updates", total, (total - 1) / warmup, at="train.lr_warmup_steps")
        return run.curve("torch.LambdaLR", lr=lr, steps=total, lr_lambda=rise)
    if length < total:
        end = "rises again at the end" if total > length + 1 else "is 0 at the last"
        text = f"the cosine is made for {length} updates and the run has {total}: the LR {end}"
        run.note("length-differs", text, at="train.epochs")
    phases = (
        Call("LambdaLR", (("lr_lambda", rise),)),
        Call("CosineAnnealingLR", (("T_max", length - warmup),)),
    )
    return run.curve("torch.SequentialLR", lr=lr, steps=total, schedulers=phases, milestones=(warmup,))


def _check_finetune(run: Settings) -> None:
    for name in PRETRAIN_ARGS:
        if _is_in_train(run, name):
            run.refuse(f"finetune takes no train.{name}: it stops", hint=f"leave train.{name} out")
    if not _warmup_steps(run, 100):
        run.refuse(
            "lr_warmup_steps=0: finetune divides by it and stops",
            hint="<warmup=1>",
            at="train.lr_warmup_steps",
        )


def _warmup_steps(run: Settings, default: int) -> int:
    """``lr_warmup_steps``, where null is none."""
    tables = [source.data.get("train") for source in run.sources]
    is_null = "train.lr_warmup_steps" in run.source.data or any(
        isinstance(one, dict) and "lr_warmup_steps" in one for one in tables
    )
    return int(run.get("train.lr_warmup_steps", 0 if is_null else default) or 0)


def _world(run: Settings, default: int | None, needs: list[str]) -> int:
    """``devices`` times ``num_nodes``; what else must be known is asked for with it."""
    count = run["devices"] if run.is_said("devices") else default
    world = joined(run, None if count is None else count * int(run["num_nodes"]))
    run.ask(*(["devices"] * (world is None)), *needs)
    return world or 1


def _accumulation(run: Settings, default: int, micro: int, world: int) -> int:
    """Micro-batches of a process for one update."""
    size = run.get("train.global_batch_size", default)
    accum = size // world // micro
    if accum < 1:
        run.refuse(
            f"global_batch_size={size} is less than {world} processes of {micro}: it stops",
            at="train.global_batch_size",
            instead=world * micro,
        )
    return run.line("micro-batches of an update", f"floor(floor({size} / {world}) / {micro})", accum)


def _batches(run: Settings, micro: int, world: int) -> int:
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    return run.sampled_batches(run.ask("dataset_len"), world, micro, drops=False)


def _positive(run: Settings, total: int) -> int:
    if total < 1:
        run.refuse("it makes no update", hint=run.longer("--given train.global_batch_size=1"))
    return total


def _restores(run: Settings) -> Rule | str:
    """What pretrain takes of a checkpoint: the step, by which it sets the LR of its own options."""
    return of_step("get_lr(iter_num) in pretrain.py, litgpt 0.5.13") if _is_pretrain(run) else ""


TRAINER = ForeignTrainer(
    "litgpt",
    "0.5.13",
    SETTINGS,
    claims,
    read,
    files=("config",),
    read_words=read_words,
    layers=with_optimizer,
    dash="_",
    takes_beginnings=False,
    keys=KEYS,
    interpolates=False,
    no_training=NoTraining(words=WITHOUT_TRAINING, trains="finetune"),
    resumes=("resume",),
    restores=_restores,
    known_by="train.global_batch_size beside checkpoint_dir or model_name",
)
