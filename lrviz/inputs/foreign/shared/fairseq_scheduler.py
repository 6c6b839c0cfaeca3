"""The schedulers of fairseq's ``--lr-scheduler``, from its settings.

Source: fairseq 0.12.2 ``optim/lr_scheduler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.settings import shorter_warmup
from lrviz.notation.numbers import exact_text, lr_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Value

Curve = tuple[str, dict[str, "Value"]]
"""A schedule of lrviz, and its parameters."""


def chosen(run: Settings) -> str:
    """The scheduler that is chosen, once it is known that fairseq takes the LR it is given.

    Raises:
        ConfigError: it is not known here, or fairseq stops.

    """
    name: str = run["lr_scheduler._name"]
    if name not in SCHEDULERS:
        _refuse_unknown(run, name)
    _check_lr(run, name)
    return name


def peak(run: Settings) -> float:
    """The first of ``--lr``."""
    return float(run["optimization.lr"][0])


def is_list(run: Settings) -> bool:
    """Whether ``--lr`` has one for each epoch."""
    return len(run["optimization.lr"]) > 1


def _refuse_unknown(run: Settings, name: str) -> None:
    nearest = {
        "reduce_lr_on_plateau": "it follows the validation loss: the nearest here is torch.ReduceLROnPlateau",
        "manual": "it takes an LR for each epoch or update: --lr-scheduler fixed --lr 0.1,0.01 is its like",
        "pass_through": "it leaves the LR to the optimizer",
    }
    reason = nearest.get(name, f"fairseq has {', '.join(SCHEDULERS)}, {', '.join(nearest)}")
    run.refuse(
        f"the schedule of --lr-scheduler {name} is not known here: {reason}",
        hint="--given lr_scheduler=fixed",
        at="lr_scheduler._name",
    )


def _check_lr(run: Settings, name: str) -> None:
    """What fairseq makes of a list: an LR for each epoch of ``fixed``; most others stop at it."""
    if not run["optimization.lr"]:
        run.refuse("--lr is empty", hint="<lr=5e-4>", at="optimization.lr")
    if name == "polynomial_decay" and (is_list(run) or run["lr_scheduler.force_anneal"] is not None):
        run.refuse(
            "polynomial_decay with an LR for each epoch, or --force-anneal, is not read",
            hint=f"<lr={exact_text(peak(run))}>, without --force-anneal",
            at="optimization.lr",
        )
    if is_list(run) and name in ("cosine", "inverse_sqrt", "tri_stage", "triangular"):
        run.refuse(
            f"{name} takes one LR, and --lr lists {len(run['optimization.lr'])}: it stops",
            hint=f"<lr={exact_text(peak(run))}>",
            at="optimization.lr",
        )


def _warmup(run: Settings, total: int, default: int = 0, *, ahead: int = 0) -> int:
    """``--warmup-updates``: the peak is used ``ahead`` updates before they are over."""
    warmup: int = run.get("lr_scheduler.warmup_updates", default) or 0
    run.warmup = max(warmup - ahead, 0)
    run.check_warmup(warmup, total, ahead=ahead, hint=shorter_warmup(total))
    return warmup


def _start(run: Settings) -> float | None:
    start = run["lr_scheduler.warmup_init_lr"]
    return None if start < 0 else float(start)


def _fixed(run: Settings, total: int) -> Curve:
    lrs = run["optimization.lr"]
    return "fairseq.fixed", {
        "lr_by_epoch": tuple(lrs) if is_list(run) else None,
        "force_anneal": run["lr_scheduler.force_anneal"],
        "lr_shrink": run["lr_scheduler.lr_shrink"],
        "warmup_updates": _warmup(run, total, ahead=1),
    }


def _inverse_sqrt(run: Settings, total: int) -> Curve:
    warmup = _warmup(run, total, 4000)
    if not warmup:
        run.refuse(
            "inverse_sqrt divides by --warmup-updates, which is 0: it stops",
            hint="<warmup=4000>",
            at="lr_scheduler.warmup_updates",
        )
    return "fairseq.inverse_sqrt", {"warmup_updates": warmup, "warmup_init_lr": _start(run)}


def _cosine(run: Settings, total: int) -> Curve:
    _check_cosine(run, total)
    return "fairseq.cosine", {
        "warmup_updates": _warmup(run, total),
        "warmup_init_lr": _start(run),
        "min_lr": run["lr_scheduler.min_lr"],
        "t_mult": run["lr_scheduler.t_mult"],
        "lr_period_updates": run["lr_scheduler.lr_period_updates"],
        "lr_shrink": run["lr_scheduler.lr_shrink"],
        "max_update": run["optimization.max_update"],
    }


def _check_cosine(run: Settings, total: int) -> None:
    """Refuse what the cosine stops at."""
    if run.is_said("lr_scheduler.max_lr"):
        run.refuse(
            f"cosine has no --max-lr in {run.title}: --lr is the highest LR, --min-lr the lowest",
            hint=f"--lr {exact_text(run['lr_scheduler.max_lr'])} --min-lr {exact_text(peak(run))} instead",
            at="lr_scheduler.max_lr",
        )
    lowest = run["lr_scheduler.min_lr"]
    if lowest >= peak(run):
        run.refuse(
            f"--min-lr {lr_text(lowest)} is not below --lr {lr_text(peak(run))}: it stops",
            hint="<min_lr=0>",
            at="lr_scheduler.min_lr",
        )
    if run["lr_scheduler.lr_period_updates"] is None and run["optimization.max_update"] is None:
        run.refuse(
            "cosine needs --max-update or --lr-period-updates: it stops",
            hint=f"--given lr_period_updates={total}",
            at="lr_scheduler._name",
        )


def _polynomial(run: Settings, total: int) -> Curve:
    last = run.get("lr_scheduler.total_num_update", run["optimization.max_update"])
    if last is None:
        run.refuse(
            "polynomial_decay needs --total-num-update or --max-update: it stops",
            hint=f"--given total_num_update={total}",
            at="lr_scheduler._name",
        )
    end = run["lr_scheduler.end_learning_rate"]
    if last != total:
        _note_length(run, last, total, end)
    return "fairseq.polynomial_decay", {
        "total_num_update": last,
        "warmup_updates": _warmup(run, total),
        "end_learning_rate": end,
        "power": run["lr_scheduler.power"],
    }


def _note_length(run: Settings, last: float, total: int, end: float) -> None:
    """Say what ``--total-num-update`` makes of a run of another length."""
    does = f"the LR does not come down to {lr_text(end)}"
    if last < total:
        does = f"the last {total - last:g} {'train nothing' if end == 0 else f'stay at {lr_text(end)}'}"
    run.note(
        "length-differs",
        f"total-num-update {last:g} in a run of {total} updates: {does}",
        hint=f"--given total_num_update={total}",
        at="lr_scheduler.total_num_update",
    )


def _tri_stage(run: Settings, total: int) -> Curve:
    ratio, limit = run["lr_scheduler.phase_ratio"], run["optimization.max_update"]
    scales = {name: run[f"lr_scheduler.{name}"] for name in ("init_lr_scale", "final_lr_scale")}
    if ratio is None:
        steps = {name: run[f"lr_scheduler.{name}"] for name in ("warmup_steps", "hold_steps", "decay_steps")}
        if not steps["decay_steps"]:
            run.refuse(
                "tri_stage divides by --decay-steps, which is 0: it stops",
                hint="--given 'phase_ratio=[0.1,0.4,0.5]'",
                at="lr_scheduler._name",
            )
        run.warmup = steps["warmup_steps"]
        run.check_warmup(steps["warmup_steps"], total, hint=shorter_warmup(total))
        return "fairseq.tri_stage", {**steps, **scales}
    if limit is None:
        run.refuse(
            "--phase-ratio is of --max-update, which is not given: it stops",
            hint=f"<steps={total}>",
            at="lr_scheduler.phase_ratio",
        )
    run.warmup = int(limit * ratio[0]) if ratio else 0
    return "fairseq.tri_stage", {"phase_ratio": tuple(ratio), "max_update": limit, **scales}


def _step(run: Settings, total: int) -> Curve:
    return "fairseq.step", {
        "warmup_updates": _warmup(run, total),
        "warmup_init_lr": _start(run),
        "min_lr": run["lr_scheduler.min_lr"],
        "lr_deacy_period": run["lr_scheduler.lr_deacy_period"],
        "lr_decay": run["lr_scheduler.lr_decay"],
    }


def _triangular(run: Settings, _: int) -> Curve:
    """From ``--lr`` up to ``--max-lr`` and back; each cycle's peak is ``--lr-shrink`` as high."""
    low, high = peak(run), run.ask("lr_scheduler.max_lr")
    if high <= low:
        run.refuse(
            f"--max-lr {lr_text(high)} is not above --lr {lr_text(low)}: it stops",
            hint=f"--given max_lr={lr_text(10 * low)}",
            at="lr_scheduler.max_lr",
        )
    half = run.get("lr_scheduler.lr_period_updates", 5000) // 2
    shrink = run["lr_scheduler.lr_shrink"]
    run.warmup = half
    cycle = f"math.floor(epoch / {2 * half})"
    least = f"{low} * {shrink} ** {cycle}" if run["lr_scheduler.shrink_min"] else f"{low}"
    height = f"max(0, 1 - abs(epoch / {half} - 2 * ({cycle} + 1) + 1))"
    factor = f"{least} + ({high} * {shrink} ** {cycle} - {least}) * {height}"
    return "torch.LambdaLR", {"lr": 1.0, "lr_lambda": factor}


SCHEDULERS: dict[str, Callable[[Settings, int], Curve]] = {
    "fixed": _fixed,
    "inverse_sqrt": _inverse_sqrt,
    "cosine": _cosine,
    "polynomial_decay": _polynomial,
    "tri_stage": _tri_stage,
    "step": _step,
    "triangular": _triangular,
}
