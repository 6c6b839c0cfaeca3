"""How a library's configs are made, opened, merged and trained by in a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.notation.origin import Place


class Kind(NamedTuple):
    """``makers`` are the calls that make a config, ``merges`` the methods that lay a file or pairs over it.

    ``opened`` gives what a file of that name says and where, ``trains`` whether a call of a name, of a class
    and those that it is built on, takes its config to train; ``of_zoo`` names a file of the library's own.
    Where it trains ``by_method``, that is of the class: ``Runner.from_cfg``. ``said`` are the keys that an
    option of the command sets, which the script merges: ``cfg.merge_from_dict(args.cfg_options)``. A config
    that ``is_whole`` has no keys but those that it is known to have; ``keys`` are those that tell of a run.
    """

    makers: tuple[str, ...]
    merges: tuple[str, ...]
    trains: Callable[[str, tuple[str, ...]], bool]
    opened: Callable[[Any], tuple[dict[str, Any], dict[KeyPath, Place]]]
    of_zoo: str = ""
    is_whole: bool = False
    by_method: bool = False
    said: tuple[tuple[tuple[str, ...], Any, Place], ...] = ()
    keys: tuple[str, ...] = ()
