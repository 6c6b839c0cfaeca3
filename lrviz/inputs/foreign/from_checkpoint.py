"""What is said of a run that goes on from a checkpoint: whose options and whose schedule it has then."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.opening import script_of
from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax, conditions_of
from lrviz.inputs.foreign.setting import Raw, Setting, is_on, literal
from lrviz.inputs.foreign.unknown import Field, Unknown
from lrviz.notation.finding import Finding, Level
from lrviz.notation.origin import Given, Origin, Place
from lrviz.resumption.megatron import KEPT
from lrviz.resumption.restored import NOT_RESUMED, OF_TRAINERS, RULES

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from lrviz.inputs.foreign.settings import Settings
    from lrviz.notation.spec import Spec
    from lrviz.resumption.resume_rule import Rule

_HINT = "--resume-at STEP --resume KEY=VALUE shows what a change makes of it"
_ACCELERATOR = "Accelerator"
_NONE = {"", "none", "null", "never", "-1", "[]"}


def refuse_replaced(run: Settings) -> None:
    """Refuse options in whose place the checkpoint's are taken; a file of a run may be those.

    Raises:
        ConfigError: they are.

    """
    replaced_by = run.trainer.resumes_by
    for name, given in _resumed(run) if replaced_by else ():
        if run.source.language in ("command", "python"):
            at = given.origin.place._replace(key="") if given.origin.place else given.origin
            text = f"{name}={given.value} trains by {replaced_by} of the checkpoint's run, and not by this"
            hint = f"give {_file_of(run, given)}, or --given {name}=false for a run that begins anew"
            raise ConfigError(f"{at}: {text}", hint=hint)


def _file_of(run: Settings, given: Given) -> str:
    """The file of the checkpoint's run, which lies above its weights, ``RUN/weights/last.pt``."""
    model = run.lookup.of(Setting("model", literal)) if str(given.value).lower() == "true" else None
    weights = PurePath(str((model or given).value))
    if weights.suffix != ".pt" or weights.parent.name != "weights":
        return "that file"
    return str(weights.parent.parent / run.trainer.resumes_by.rpartition(" ")[2])


def say_restored(run: Settings, spec: Spec) -> None:
    """Say what comes back from the checkpoint, where that is more than the step."""
    rule = run.trainer.restores(run) or _rule_of(run, spec)
    if isinstance(rule, str):
        return _warn_of_new_schedule(run, rule)
    if rule is None or (rule.base == "new" and not rule.has_state):
        return None
    weights = run.trainer.resumes_weights
    if weights and is_set(run, weights):
        text = f"{weights} reads no schedule of the checkpoint: it begins anew, with the LR that is said here"
        for _, given in _resumed(run):
            run.findings.append(Finding("resumes", "note", text, place=given.origin.place))
        return None
    is_shown = run.trainer.name not in NOT_RESUMED and rule is not KEPT
    hint = _HINT if is_shown else ""
    changed = "another schedule" if rule.has_state else "another LR"
    for _, given in (*_resumed(run), *_resumed_by_call(run), *_loaded_by_accelerate(run)):
        is_option = run.source.language == "command" and run.lookup.source_of(given) is run.source
        text = f"where a checkpoint is loaded, {rule.text}: {changed} here than in its run changes nothing"
        level: Level = "warning" if rule.has_state and is_option else "note"
        run.findings.append(Finding("resumes", level, text, hint, place=given.origin.place))
    return None


def is_set(run: Settings, name: str) -> bool:
    """Whether an option is on, be it a setting that changes the schedule or not."""
    given = run.lookup.of(Setting(name, literal))
    return _is_on(given) if given else False


def begins_anew(why: str) -> str:
    """What is said where the steps go on from the checkpoint's, and the schedule does not."""
    return f"where a checkpoint is loaded, its steps go on and the schedule begins anew: {why}"


def _warn_of_new_schedule(run: Settings, why: str) -> None:
    for _, given in [*_resumed(run)][:1]:
        run.findings.append(Finding("resumes", "warning", begins_anew(why), place=given.origin.place))


def _rule_of(run: Settings, spec: Spec) -> Rule | None:
    framework = spec.name.partition(".")[0]
    return OF_TRAINERS.get(run.trainer.name) or RULES.get(spec.name) or RULES.get(framework)


def _resumed_by_call(run: Settings) -> Iterator[tuple[str, Given]]:
    """``trainer.train(resume_from_checkpoint=True)`` of its script; an option of that is said by itself."""
    script = run.script
    for line, checkpoint in script.python.resumed.items() if script else ():
        is_said = checkpoint is not None and not isinstance(checkpoint, Field)
        if is_said and (isinstance(checkpoint, Unknown) or is_on(Raw(checkpoint))):
            place = Place(script.name if script else "", line, "train()")
            yield "train()", Given(checkpoint, Origin("file", place.file, place))


def _loaded_by_accelerate(run: Settings) -> Iterator[tuple[str, Given]]:
    """``accelerator.load_state(…)`` of its script, or ``sched.load_state_dict(…)``.

    None where options that are off keep it from that.
    """
    is_read = run.source.language == "command" and _ACCELERATOR in run.trainer.used_by
    script = script_of(run.source) if is_read else None
    if script is None:
        return
    file, syntax = script[0], ScriptSyntax(script[1])
    for call in filter(_restores, syntax.calls):
        options = conditions_of(syntax, call)
        is_run = not options or any(is_set(run, name) for name in options)
        if is_run and options.isdisjoint(run.trainer.resumes):  # which are said by themselves
            name = f"{called(call)}()"
            place = Place(file, call.lineno, name)
            yield name, Given(value=True, origin=Origin("file", file, place))


def _restores(call: ast.Call) -> bool:
    """Whether it loads the state of a scheduler, alone or with all else."""
    is_of_scheduler = called(call) == "load_state_dict" and "sched" in dotted(call.func)
    return called(call) == "load_state" or is_of_scheduler


def _resumed(run: Settings) -> Iterator[tuple[str, Given]]:
    """Its options that are on."""
    for name in run.trainer.resumes:
        given = run.lookup.of(Setting(name, literal))
        if given is not None and _is_on(given):
            yield name, given


def _is_on(given: Given) -> bool:
    if given.value is None or isinstance(given.value, Unknown):
        return False
    return is_on(Raw(given.value)) and str(given.value).lower() not in _NONE
