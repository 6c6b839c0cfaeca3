"""The commands of a shell script, with the variables they can be told without running anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.invocation import UNSAID, Invocation
from lrviz.inputs.foreign.shell.sbatch import allocated, with_tasks
from lrviz.inputs.foreign.shell.script_run import ScriptRun
from lrviz.inputs.foreign.shell.shell_values import ARGUMENTS
from lrviz.inputs.foreign.shell.shell_variables import Variables
from lrviz.inputs.foreign.shell.sourced import ScriptText, Sourced
from lrviz.inputs.foreign.shell.statements import read_statements
from lrviz.inputs.foreign.shell.written_files import WrittenFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.shell.shell_command import Command
    from lrviz.inputs.foreign.shell.simple_commands import SimpleCommands, Within


def read_commands(text: str, name: str, given: Mapping[str, str] | None = None) -> tuple[Command, ...]:
    """All commands of a text, as `run_script` has them.

    Raises:
        ConfigError: a quote or bracket is never closed, or the variables stand for too much.

    """
    return tuple(run_script(ScriptText(text, name), given).commands)


def run_script(
    script: ScriptText,
    given: Mapping[str, str] | None = None,
    call: Invocation = UNSAID,
    within: Within | None = None,
) -> SimpleCommands:
    """All commands of a script in order, also those in loops, and those of functions where they are called.

    ``within`` tells what a script writes that one of them runs.

    What a condition leaves out that is known is left out. A variable that is set in a loop, under another
    condition or by a command is Unknown, unless it is ``given``.

    Raises:
        ConfigError: a quote or bracket is never closed, or the variables stand for too much.

    """
    text, name = script.text, script.name
    statements = read_statements(text, name, script.line, script.folders)
    env = with_tasks({**allocated(text), **call.env})
    variables = Variables(name, given or {}, {key: (word,) for key, word in env.items()})
    variables.kept.of |= call.kept
    if call.arguments is not None:
        variables.values[ARGUMENTS] = call.arguments
    run = ScriptRun(
        variables,
        exported=dict.fromkeys(env, True),
        sourced=Sourced(call.folder, call.to, script.folders.started),
    )
    run.written = WrittenFiles.after(call.written, name)
    run.written.here = run.sourced.here
    variables.has_file = run.has_file
    run.conditions.given = {} if call.is_within else variables.given  # by the lines of the outer one
    run.within = within
    run.read(statements)
    return run
