"""litgpt: the YAML of ``litgpt pretrain`` and ``litgpt finetune_*``, and options of the same dotted names.

Source: litgpt 0.5.13 ``args.py``, ``finetune/lora.py``; 0.4.13 and 0.5.0 count alike.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.no_training import NoTraining
from lrviz.inputs.foreign.setting import Raw, Setting, number, whole
from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.inputs.foreign.shared.fabric_world import devices
from lrviz.inputs.foreign.shared.litgpt_counts import (
    accumulation,
    is_in_train,
    positive,
    warmup_steps,
    world_of,
)
from lrviz.inputs.foreign.shared.litgpt_optimizer import LR, strays, with_optimizer
from lrviz.inputs.foreign.shared.litgpt_pretrain import read_pretrain
from lrviz.inputs.foreign.shell.abbreviations import refuse_other_dashes
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.notation.spec import Call
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
    train, keys = source.config.get("train"), source.config.keys()
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
    return read_pretrain(run) if _is_pretrain(run) else _finetune(run)


def _is_pretrain(run: Settings) -> bool:
    words = run.source.words
    if run.source.language == "command" and len(words) > 1:
        return words[1] == "pretrain"
    if any(run.raw(name) is not None for name in PRETRAIN):
        return True
    is_finetuning = run.raw("checkpoint_dir") is not None
    return not is_finetuning and any(is_in_train(run, name) for name in PRETRAIN_ARGS)


def _finetune(run: Settings) -> Spec:
    """A warmup and a cosine over the updates of whole epochs, which are fewer than those of the run."""
    _check_finetune(run)
    if run.is_said("train.min_lr"):
        text = "finetune does not read train.min_lr: its cosine goes down to 0"
        run.warn("setting-ignored", text, at="train.min_lr")
    needs = [] if run.is_said("batches_per_epoch") else ["dataset_len"]
    world = world_of(run, 1, needs or ["batches_per_epoch"])
    micro = run.get("train.micro_batch_size", 1)
    accum = accumulation(run, 16, micro, world)
    batches = _batches(run, micro, world)
    run.note_epoch(of=accum)
    epochs, limit = run["train.epochs"], run["train.max_steps"] or math.inf
    length = int(min(epochs * (batches // accum), limit))
    run.line("schedule steps", f"min({epochs} * floor({batches} / {accum}), {limit})", length)
    total = int(min(epochs * batches // accum, limit))
    run.line(run.TOTAL_STEPS, f"min(floor({epochs} * {batches} / {accum}), {limit})", total)
    return _cosine(run, length, positive(run, total))


def _cosine(run: Settings, length: int, total: int) -> Spec:
    """A warmup, then a cosine over what is left of ``length``."""
    lr, warmup = run["optimizer.init_args.lr"], warmup_steps(run, 100)
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
        if is_in_train(run, name):
            run.refuse(f"finetune takes no train.{name}: it stops", hint=f"leave train.{name} out")
    if not warmup_steps(run, 100):
        run.refuse(
            "lr_warmup_steps=0: finetune divides by it and stops",
            hint="<warmup=1>",
            at="train.lr_warmup_steps",
        )


def _batches(run: Settings, micro: int, world: int) -> int:
    if run.is_said("batches_per_epoch"):
        return run.given_batches()
    return run.sampled_batches(run.ask("dataset_len"), world, micro, drops=False)


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
