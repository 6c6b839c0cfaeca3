"""Options cut short, as argparse takes them: ``--num_train 2`` where no other begins so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.inputs.foreign.source import Source


def with_full_names(source: Source, options: Collection[str], meant: Mapping[str, str]) -> Source:
    """The same command, each option under its full name among ``options``.

    Each option has a second spelling with dashes, so a beginning that both share is nobody's; ``meant`` names
    the option that is likely meant by it.

    Raises:
        ConfigError: an option may be several.

    """
    names = {key: _full_name(source, key, options, meant) for key in source.data}
    return replace(
        source,
        data={names[key]: value for key, value in source.data.items()},
        places={(names.get(str(path[0]), str(path[0])), *path[1:]): at for path, at in source.places.items()},
    )


def _full_name(source: Source, key: str, options: Collection[str], meant: Mapping[str, str]) -> str:
    written = source.place((key,)).key
    if key in options or not written.startswith("--"):
        return key
    cut = written.lstrip("-")
    spellings = [one for name in options for one in {name, name.replace("_", "-")} if one.startswith(cut)]
    if len(spellings) > 1:
        listed = " or ".join(f"--{one}" for one in sorted(spellings)[:4])
        raise ConfigError(
            f"{source.name}: --{cut} is cut short, and may be {listed}: argparse stops",
            hint=f"write --{meant.get(cut) or min(spellings).replace('-', '_')}",
        )
    return spellings[0].replace("-", "_") if spellings else key
