"""The file that ``--deepspeed_config`` of a script's own parser names: a scheduler in it wins.

Source: deepspeed 0.19.8, ``__init__.py:add_config_arguments``, ``runtime/engine.py:_configure_lr_scheduler``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.beside import is_here
from lrviz.inputs.foreign.opening import open_beside, script_of
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source

CONFIG = "deepspeed_config"
"""The option that ``deepspeed.add_config_arguments`` adds for the config's file."""


def refuse_absent_script(run: Settings) -> None:
    """Refuse a command whose script is not here: it may hand its engine what the config does not say.

    Raises:
        ConfigError: it is such, or the config cannot be read.

    """
    command, file = run.source, config_named(run.source)
    if file and script_of(command) is None:
        text = f"{command.script} is not here, and may hand DeepSpeed's engine more than {file}"
        alone = _alone(open_beside(command, file))
        run.refuse(text, hint=f"put the script beside: it is read then; {alone}")


def refuse_winning_scheduler(run: Settings) -> None:
    """Refuse a config whose scheduler wins over that of a trainer which does not know the option.

    Raises:
        ConfigError: it has one, or cannot be read.

    """
    file = config_named(run.source)
    if not file or CONFIG in {*run.trainer.keys.names(), *run.trainer.files}:
        return
    if not is_here(run.source, file):
        text = f"{file} is not here: a scheduler in it wins over this one"
        run.warn("engine-config", text, hint="put it beside")
        return
    config = open_beside(run.source, file)
    if config.data.get("scheduler"):
        run.refuse(f"the scheduler of {file} wins in DeepSpeed's engine over this one", hint=_alone(config))


def config_named(source: Source) -> str:
    """The file that a command names so."""
    named = source.data.get(CONFIG) if source.language == "command" else None
    return named if isinstance(named, str) else ""


def _alone(config: Source) -> str:
    return f"its config alone: {shell_line('lrviz', 'plan', config.name)}"
