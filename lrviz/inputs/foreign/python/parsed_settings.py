"""What a parser of dataclasses finds in the file or the dict that a line hands it.

Source: transformers 4.36 to 5.23, ``hf_argparser.py``; trl 0.13 to 1.16.0, ``scripts/utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.parsed_files import DICT, handed_to
from lrviz.inputs.words import is_settings_file

if TYPE_CHECKING:
    from lrviz.inputs.foreign.environment import Start
    from lrviz.inputs.foreign.python.python_script import PythonCall

_OF_COMMAND = "parse_args_into_dataclasses"
_WITH_CONFIG, _CONFIG = "parse_args_and_config", "config"


def settings_parsed(made: PythonCall, start: Start) -> dict[str, Any]:
    """The settings that a call parses of a dict, or of a file that it, an option or a word names."""
    method = made.called
    value = handed_to(made)
    if method == DICT:
        return dict(value) if isinstance(value, dict) else {}
    if method == _OF_COMMAND:
        return {}
    if method == _WITH_CONFIG:
        files = [start.options.get(_CONFIG)]
    else:
        files = [value] if isinstance(value, str) else [*filter(is_settings_file, start.words)]
    tables = [start.read(one) for one in files if isinstance(one, str) and is_settings_file(one)]
    return {key: value for table in reversed(tables) for key, value in table.items()}
