"""What every schedule of the catalogue promises, whoever adds it."""

from __future__ import annotations

import inspect
import sys
import typing

import numpy as np
import pytest
from commands import ENTRIES
from every import for_every_schedule, one_test_for
from every_tick import assert_columns

import lrviz
from lrviz import ScheduleError, schedules
from lrviz.catalogue import names, registry
from lrviz.catalogue.names import find
from lrviz.catalogue.param_types import accepts
from lrviz.catalogue.registry import catalogue
from lrviz.catalogue.roles import Role
from lrviz.cli.app import run
from lrviz.notation.spec import Spec
from lrviz.resolve.resolve import resolve

METRICS = [1 / (1 + t) if t < 20 else 0.05 + t % 3 for t in range(300)]
ROUNDING = 1e-15  # numpy's power of one number and of many differ in the last bit
LR = 0.1
RUN = 100


def example(entry, lr=LR, **changes):
    params = {name: value for name, value in {**entry.example, **changes}.items() if value is not ...}
    return lrviz.schedule(entry.id, params, lr=lr if entry.takes_group else None, metrics=METRICS)


def line_of(entry):
    return example(entry).groups[0]["lr"]


def ticks_of(entry, most=201):
    """Every tick the framework allows; a run of the example at least."""
    ticks = np.arange(min(most, line_of(entry).end))
    assert ticks.size >= RUN
    return ticks


def doc_of(entry):
    return inspect.getdoc(entry.function) or ""


def source_of(entry):
    """How its source begins: name and version, or a version that names another, or nothing of the kind."""
    name, version = entry.framework.name, entry.framework.version
    return version if " " in version or not version else f"{name} {version} "


# --- the description -------------------------------------------------------------------------------------


@for_every_schedule
def test_it_is_documented(entry):
    summary, blank, *rest = doc_of(entry).splitlines()
    heads = [line.partition(":")[0] for line in rest if not line.startswith(" ")]
    assert summary.endswith(".")
    assert not blank
    assert [head for head in heads if head in ("Formula", "Edges", "Source")] == [
        "Formula",
        "Edges",
        "Source",
    ]
    assert f"Source: {source_of(entry)}" in doc_of(entry)


@for_every_schedule
def test_every_parameter_states_its_role(entry):
    owners = (*reversed(entry.shared.values()), entry.function)
    hints = {
        name: hint
        for owner in owners
        for name, hint in typing.get_type_hints(owner, include_extras=True).items()
    }
    # A switch says all by being one.
    switches = {name for name, param in entry.params.items() if set(param.types) <= {bool, type(None)}}
    assert [
        name for name in entry.params if registry._role(hints[name]) is None and name not in switches
    ] == []


@for_every_schedule
def test_one_parameter_at_most_for_lr_warmup_and_total(entry):
    roles = [param.role for param in entry.params.values()]
    warmups = roles.count(Role.WARMUP) + roles.count(Role.WARMUP_FRACTION)
    assert max(roles.count(Role.BASE_LR), warmups, roles.count(Role.TOTAL)) <= 1


@for_every_schedule
def test_example_and_starter_name_its_parameters(entry):
    starters = {name for said in entry.starter for name in said.split("|")}
    assert set(entry.example) <= set(entry.params)
    assert starters <= set(entry.params)


@one_test_for([row for row in ENTRIES if row.values[0].ignores])
def test_what_it_ignores_changes_nothing(entry):
    ignoring = example(entry, **dict.fromkeys(entry.ignores, 7))
    np.testing.assert_array_equal(ignoring(np.arange(RUN)), example(entry)(np.arange(RUN)))


@one_test_for([row for row in ENTRIES if row.values[0].inert])
def test_what_stands_in_pasted_code_changes_nothing(entry):
    for name, value in ((name, value) for name, values in entry.inert.items() for value in values):
        pasted = example(entry, **{name: value})
        np.testing.assert_array_equal(pasted(np.arange(RUN)), example(entry)(np.arange(RUN)))


def test_no_id_and_no_alias_is_taken_twice():
    entries = list(registry._ENTRIES.values())
    assert len({entry.id for entry in entries}) == len(entries) == len(catalogue())
    aliases = [alias for entry in entries for alias in entry.aliases]
    assert len(set(aliases)) == len(aliases)


@for_every_schedule
def test_its_aliases_find_it(entry):
    assert find(entry.id) is entry
    assert [alias for alias in entry.aliases if find(alias) is not entry or alias == entry.id] == []


# --- refusals --------------------------------------------------------------------------------------------


def needed_by(entry):
    return [param for param in entry.params.values() if param.required]


@one_test_for([row for row in ENTRIES if needed_by(row.values[0])])
def test_all_that_is_missing_is_named_at_once(entry):
    needed = needed_by(entry)
    with pytest.raises(ScheduleError) as refusal:
        example(entry, **dict.fromkeys((param.name for param in needed), ...))
    for param in needed:
        assert f"{param.name} ({param.role.value})" in refusal.value.message
        assert f"{param.name}=" in refusal.value.hint


@for_every_schedule
def test_a_missing_parameter_is_refused(entry):
    for param in entry.params.values():
        if not param.required:
            example(entry, **{param.name: ...} if param.name not in entry.example else {})
            continue
        with pytest.raises(ScheduleError) as refusal:
            example(entry, **{param.name: ...})
        assert refusal.value.message == f"{entry.id} needs {param.name} ({param.role.value})"
        said, _, word = refusal.value.hint.partition(": ")
        assert (said, word.lstrip("'\"").startswith(f"{entry.id}:{param.name}=")) == ("give it", True)


@for_every_schedule
def test_an_unknown_parameter_is_refused_by_its_nearest_name(entry):
    for name in entry.params:
        with pytest.raises(ScheduleError) as refusal:
            example(entry, **{f"{name}q": 1})
        assert refusal.value.message == f"{entry.id} has no parameter '{name}q'"
        assert refusal.value.hint == f"did you mean {name}?"


@for_every_schedule
def test_a_value_of_the_wrong_type_is_refused(entry):
    for name in (name for name, param in entry.params.items() if not accepts(param, b"wrong")):
        with pytest.raises(ScheduleError) as refusal:
            example(entry, **{name: b"wrong"})
        assert refusal.value.message.startswith(f"{entry.id}: {name} must be ")
        assert refusal.value.message.endswith(", got b'wrong'")
        assert refusal.value.hint.startswith(f"{name}=")


# --- the values ------------------------------------------------------------------------------------------


@for_every_schedule
def test_its_example_is_finite_in_any_order(entry):
    made, ticks = example(entry), ticks_of(entry)
    for quantity in made.quantities:
        values = made(ticks, quantity)
        assert np.all(np.isfinite(values))
        one_by_one = [float(made(tick, quantity)) for tick in ticks]
        np.testing.assert_allclose(one_by_one, values, rtol=ROUNDING)
        order = np.random.default_rng(7).permutation(ticks.size)
        np.testing.assert_allclose(example(entry)(ticks[order], quantity), values[order], rtol=ROUNDING)


@for_every_schedule
def test_values_have_the_shape_of_the_steps(entry):
    made = example(entry)
    flat = made(np.arange(12))
    assert (made(5).shape, made(5)) == ((), flat[5])
    assert (flat.dtype, made([]).shape) == (np.dtype("float64"), (0,))
    np.testing.assert_array_equal(made(np.arange(12).reshape(3, 4)), flat.reshape(3, 4))


@pytest.mark.long
@one_test_for([row for row in ENTRIES if row.values[0].takes_group])
def test_a_list_of_lrs_gives_a_row_for_each_group(entry):
    ticks = ticks_of(entry)
    both, half = example(entry, lr=[LR, LR / 2])(ticks), example(entry, lr=LR / 2)(ticks)
    np.testing.assert_array_equal(both[0], example(entry)(ticks))
    if "default LR" not in doc_of(entry):  # it is the first group's, so the second depends on that
        np.testing.assert_array_equal(both[1], half)
    assert example(entry, lr=[LR])(3).shape == (1,)
    assert example(entry, lr=[LR, LR])([[3, 4]]).shape == (2, 1, 2)


@for_every_schedule
def test_the_facts_of_its_example(entry):
    values, facts = example(entry)(np.arange(RUN)), example(entry).facts(RUN)
    assert (facts.steps, facts.first) == (RUN, values[0])
    assert facts.last == pytest.approx(values[-1], rel=ROUNDING)
    assert (facts.peak, facts.peak_at) == (values.max(), values.argmax())
    assert (facts.low, facts.low_at) == (values.min(), values.argmin())
    assert facts.mean == pytest.approx(values.mean(), rel=1e-13)
    assert facts.after == pytest.approx(float(example(entry)(RUN)), rel=ROUNDING)
    assert (facts.mean_exact, facts.stop, facts.sampled) == (True, None, 0)


@for_every_schedule
def test_the_envelope_of_its_example(entry):
    assert_columns(line_of(entry), ticks_of(entry).size, 1, 9, 64)


def is_step_like(values):
    """Flat at most ticks, so that every change is a jump."""
    return 0 < np.count_nonzero(np.diff(values)) <= values.size / 20


def test_the_jumps_of_step_like_examples():
    examples = [example(entry) for entry in catalogue().values()]
    step_like = [made for made in examples if is_step_like(made(np.arange(RUN)))]
    assert len(step_like) >= 3
    for made in step_like:
        assert_jumps(made.facts(RUN), np.diff(made(np.arange(RUN))))


def assert_jumps(facts, change):
    for found, brute in ((facts.restarts, change > 0), (facts.drops, change < 0)):
        ticks = tuple(int(tick) for tick in np.flatnonzero(brute) + 1)
        assert (found.count, found.ticks) == (len(ticks), ticks[:5])


# --- the command line's bare names -----------------------------------------------------------------------


@one_test_for([row for row in ENTRIES if row.values[0].starter])
def test_its_starter_lets_a_bare_name_run(entry):
    bare = [name for name, owner in names._short_names().items() if owner is entry]
    assert bare
    for name in bare:
        resolved = resolve(Spec(name), examples=True, metrics=METRICS)
        assert np.all(np.isfinite(resolved.schedule(np.arange(resolved.plan.total_steps))))
        assumed = {key for key, given in resolved.origins.items() if given.origin.source == "starter"}
        required = {param.name for param in entry.params.values() if param.required}
        of_run = (Role.BASE_LR, Role.TOTAL, Role.RUN_TIME)
        filled = {entry.by_role(role).name for role in of_run if entry.by_role(role)}
        assert required - filled <= assumed


# --- a newcomer ------------------------------------------------------------------------------------------

TOY = '''
import numpy as np
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.group import Group
from lrviz.catalogue.roles import Ticks
from lrviz.engine.timeline import Phase, Timeline
from lrviz.engine.breakpoints import Periodic

FRAMEWORK = Framework("toy", "1.0")


@schedule(example={"size": 10}, starter={"size": "10%"}, aliases=("saw",))
def Sawtooth(group: Group, size: Ticks) -> Timeline:
    """Falls to 0 and starts again.

    Formula: lr(t) = B (1 - (t mod size) / size).
    Edges: 0 is never reached.
    Source: toy 1.0 ``Sawtooth``.
    """
    B = group.lr
    phase = Phase("cycle", 0.0, lambda t: B * (1 - t % size / size), Periodic(size, jumps=True))
    return Timeline((phase,))
'''


@pytest.fixture
def newcomers(tmp_path, monkeypatch):
    """A way to add modules to the catalogue, until the test ends."""
    known, modules = dict(registry._ENTRIES), set(sys.modules)
    monkeypatch.setattr(schedules, "__path__", [*schedules.__path__, str(tmp_path)])

    def add(name):
        (tmp_path / f"{name}.py").write_text(TOY)
        forget()

    def forget():
        catalogue.cache_clear()
        names._short_names.cache_clear()
        registry.entries_of.cache_clear()
        registry.packages.cache_clear()

    yield add
    for module in set(sys.modules) - modules:
        if module.startswith("lrviz.schedules."):
            del sys.modules[module]
    registry._ENTRIES.clear()
    registry._ENTRIES.update(known)
    forget()


def test_a_new_module_is_found_and_held_to_the_contract(newcomers):
    newcomers("toy")
    entry = find("toy.Sawtooth")
    assert find("saw") is find("Sawtooth") is entry
    assert list(entry.params) == ["size"]
    for check in (
        test_it_is_documented,
        test_one_parameter_at_most_for_lr_warmup_and_total,
        test_its_aliases_find_it,
        test_its_example_is_finite_in_any_order,
        test_a_list_of_lrs_gives_a_row_for_each_group,
        test_the_facts_of_its_example,
        test_its_starter_lets_a_bare_name_run,
    ):
        check.of_one(entry)
    np.testing.assert_allclose(example(entry)([0, 5, 9, 10]), [0.1, 0.05, 0.01, 0.1], rtol=1e-15)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["list", "--framework", "toy"], "saw  █▁█▁█▁█▁█▁  Falls to 0", id="list"),
        pytest.param(["list", "sawtooth", "--format", "json"], '"id": "toy.Sawtooth"', id="JSON"),
        pytest.param(["info", "saw"], "lr(t) = B (1 - (t mod size) / size).", id="info"),
        pytest.param(["show", "saw", "--steps", "100", "--lr", "0.1"], "0.01", id="show"),
        pytest.param(
            ["values", "toy.Sawtooth:size=4", "--lr", "1", "--steps", "9", "--at", "3", "--plain"],
            "0.25",
            id="values",
        ),
        pytest.param(["plot", "saw", "-o", "-", "--format", "svg"], "<svg", id="plot"),
    ],
)
def test_a_newcomer_is_known_to_every_command(newcomers, capsys, words, said):
    newcomers("toy")
    assert run(words) == 0
    assert said in capsys.readouterr().out


def test_an_id_claimed_twice_names_the_second_module(newcomers):
    newcomers("toy")
    newcomers("toy_too")
    with pytest.raises(RuntimeError) as refusal:
        catalogue()
    assert str(refusal.value) == "lrviz.schedules.toy_too: toy.Sawtooth is already taken"


def test_a_promise_that_is_not_kept_names_who_breaks_it():
    @for_every_schedule
    def test_promise(entry):
        assert entry.id != "torch.StepLR"

    with pytest.raises(ExceptionGroup, match="1 of ") as failed:
        test_promise()
    assert failed.value.exceptions[0].__notes__ == ["This is the row [torch.StepLR]."]


def test_the_catalogue_is_as_it_was():
    assert "toy.Sawtooth" not in catalogue()
    with pytest.raises(ScheduleError):
        find("saw")
