"""Functions of the real trainers: one here for each of theirs."""

from __future__ import annotations

import math


def dataloader_len(n: int, batch_size: int, *, drop_last: bool) -> int:
    """Batches, ``ceil(n / batch_size)``, with ``drop_last`` floor.

    Source: torch 2.13 ``torch.utils.data.DataLoader.__len__``.
    """
    return n // batch_size if drop_last else ceil_div(n, batch_size)


def distributed_sampler_len(n: int, num_replicas: int, *, drop_last: bool) -> int:
    """Samples per process, ``ceil(n / num_replicas)``, with ``drop_last`` floor.

    Source: torch 2.13 ``torch.utils.data.DistributedSampler.__len__``: repeats samples, or drops the last.
    """
    return n // num_replicas if drop_last else ceil_div(n, num_replicas)


def batch_sampler_shard_len(  # noqa: PLR0913 - the parameters are accelerate's
    n: int,
    batch_size: int,
    num_processes: int,
    *,
    drop_last: bool,
    split_batches: bool = False,
    even_batches: bool = True,
    process_index: int = 0,
) -> int:
    """Batches per process out of the ``L`` batches of the whole dataset.

    ``L`` if ``split_batches``, else ``floor(L / P)``, plus one if a remainder is left and not dropped;
    without ``even_batches`` only the first ``L % P`` processes get that one.

    Source: accelerate 1.15 ``accelerate.data_loader.BatchSamplerShard.__len__``.
    """
    batches = dataloader_len(n, batch_size, drop_last=drop_last)
    if split_batches:
        return batches
    share, rest = divmod(batches, num_processes)
    padded = rest > 0 if even_batches else process_index < rest
    return share + (padded and not drop_last)


def transformers_max_steps(updates_per_epoch: int, num_train_epochs: float) -> int:
    """``ceil(num_train_epochs * updates_per_epoch)`` in floats: 1.1 epochs of 50 updates are 56.

    Source: transformers 5.23 ``Trainer.set_initial_training_values``; a ``max_steps`` above 0 wins.
    """
    return math.ceil(num_train_epochs * updates_per_epoch)


def transformers_warmup_steps(warmup_steps: float, num_training_steps: int) -> int:
    """From 1 on ``int(warmup_steps)``, below 1 ``ceil(num_training_steps * warmup_steps)`` in floats.

    1.0 is one step, and 7 % of 100 are 8.

    Source: transformers 5.23 ``TrainingArguments.get_warmup_steps``.
    """
    return int(warmup_steps) if warmup_steps >= 1 else math.ceil(num_training_steps * warmup_steps)


def ceil_div(a: int, b: int) -> int:
    """``ceil(a / b)`` in integers."""
    return -(-a // b)
