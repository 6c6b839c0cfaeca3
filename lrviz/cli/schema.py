"""``lrviz schema``: what the JSON of a command is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from lrviz.cli.options import check_choice, words_of
from lrviz.export.document_types import DOCUMENTS


def schema(
    command: Annotated[
        str | None,
        typer.Argument(
            metavar="[COMMAND]",
            help=f"Whose: {', '.join(DOCUMENTS)}; none: all, by command.",
            autocompletion=words_of(DOCUMENTS),
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of what a command prints with --format json.

    Examples:
      lrviz schema show

      lrviz schema > lrviz.schema.json
    """
    import json

    from lrviz.export.schema import command_schema

    if command is not None:
        check_choice("schema", command, DOCUMENTS)
    found = {name: command_schema(name) for name in DOCUMENTS}
    print(json.dumps(found[command] if command else found, indent=2))
