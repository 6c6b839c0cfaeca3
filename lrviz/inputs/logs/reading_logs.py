"""Whose log a file is: every module of ``formats/`` says whether it claims one, and just one may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.logs.columns import log_of
from lrviz.inputs.logs.delimited import refuse_nameless
from lrviz.inputs.logs.log_file import LogFile
from lrviz.inputs.logs.log_format import all_formats
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from lrviz.inputs.logs.log import Log


def read_log(raw: bytes, name: str, column: str = "") -> Log | None:
    """The log in the bytes of a file, if it is one: its learning rates, or the ``column`` asked for.

    Raises:
        ConfigError: it may be one of several formats, has no learning rate or no names, or cannot be read.

    """
    file = LogFile(raw, name, column)
    claiming = [one for one in all_formats() if one.claims(file)]
    found = [one for one in claiming if not one.is_base] or claiming
    if not found:
        refuse_nameless(file)
        return None
    if len(found) > 1:
        names = listed([one.name for one in found])
        raise ConfigError(f"{name} may be a log of {names}", hint="cut it down to the columns step and lr")
    return log_of(name, found[0].name, found[0].read(file), column)
