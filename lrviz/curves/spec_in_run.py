"""A spec in its run, with the points and metrics of the files that it names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.inputs.points import findings_of, with_points
from lrviz.notation.origin import Given, Origin
from lrviz.resolve.keys import FILE
from lrviz.resolve.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.notation.spec import Spec, Value
    from lrviz.resolve.resolved import Resolved


def spec_in_run(
    spec: Spec,
    values: Mapping[str, Value],
    origins: Mapping[str, Origin],
    trunk: Resolved | None = None,
    *,
    examples: bool,
) -> Resolved:
    """The spec with what is laid over it; a branch goes on from its trunk.

    Raises:
        LrvizError: it is refused, or a file that it names cannot be read.

    """
    through = with_points(spec)
    if trunk is not None:
        from lrviz.resolve.branch import branched

        run = branched(through, values, origins, trunk, examples=examples)
    else:
        metrics = _metrics(spec.get("metrics", values.get("metrics")))
        run = resolve(through, values, origins, examples=examples, metrics=metrics)
    return run if through == spec else _as_written(run, spec, origins)


def _metrics(place: object) -> Sequence[float] | None:
    """Those of the file that is named, where one is."""
    if place is None:
        return None
    from lrviz.inputs.metrics import read_metrics

    return read_metrics(str(place))


def _as_written(run: Resolved, spec: Spec, origins: Mapping[str, Origin]) -> Resolved:
    """The run of a spec that names files, with the names in place of the points in them."""
    param = find(spec.name).by_role(Role.POINTS)
    named = {param.name: Given(spec.get(FILE), origins.get(FILE, Origin("spec")))} if param else {}
    findings = (*run.findings, *findings_of(spec))
    return replace(run, spec=spec, origins={**run.origins, **named}, findings=findings)
