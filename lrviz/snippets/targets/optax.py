"""Optax: its own schedule, or a function of the count in jax.numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.snippets.dialect import JAX
from lrviz.snippets.pretty import laid_out
from lrviz.snippets.snippet import Snippet
from lrviz.snippets.target import functions_of
from lrviz.snippets.values import arguments_of, call_of, dict_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.snippets.snippet import Definitions
    from lrviz.snippets.target import Curves

LOOP = ["# Every optimizer.update(grads, state, params) counts one update."]


def write(curves: Curves) -> Snippet:
    """Its own schedule where it makes the curves alone, else functions of the count."""
    own = curves.own_in("optax")
    if own is not None and own.epoch is None and len(curves.rows) == 1:
        return _snippet(["lr"], laid_out("lr = ", _call(own.entry, own.params)), None)
    begins = "count = jnp.asarray(count, dtype=jnp.float32)"
    made, names = functions_of(curves, JAX, "count", begins=begins)
    return _snippet(names, [], made)


def _snippet(names: Sequence[str], before: Sequence[str], made: Definitions | None) -> Snippet:
    values = ", ".join(f"jax.vmap({name})(jnp.array(STEPS)).tolist()" for name in names)
    return Snippet(
        "optax",
        ["import optax", *(JAX.imports if made else ())],
        [*before, *_optimizer(names)],
        f"for row in zip({values}):\n    print(*row)",
        made,
        LOOP,
        is_single=True,
        by_constructor=made is None,
        proof_imports=["import jax", *JAX.imports],
    )


def _call(entry: Entry, params: Mapping[str, Any]) -> ast.Call:
    inner = _keywords if entry.name == "sgdr_schedule" else _call
    return call_of(f"optax.{entry.name}", [], arguments_of(entry, params, inner))


def _keywords(entry: Entry, params: Mapping[str, Any]) -> ast.Dict:
    """The keywords of a schedule that another one calls itself."""
    return dict_of(arguments_of(entry, params, _call))


def _optimizer(names: Sequence[str]) -> list[str]:
    """One optimizer, or one for each label of the parameters."""
    if len(names) == 1:
        return [f"optimizer = optax.adamw(learning_rate={names[0]})"]
    return [
        "labels = ...  # a tree like the parameters, with the number of the group of each",
        "optimizer = optax.multi_transform(",
        f"    {{i: optax.adamw(lr) for i, lr in enumerate([{', '.join(names)}])}}, labels",
        ")",
    ]
