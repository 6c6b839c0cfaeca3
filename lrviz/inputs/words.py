"""Which word of the command line is a file, which a launch line, and which a spec."""

from __future__ import annotations

from pathlib import Path

from lrviz.catalogue.names import lookup

SUFFIXES = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
"""What a config may end in, and the language that means."""
SHELL = (".sh", ".bash", ".slurm", ".sbatch")
"""What a script with a launch line in it may end in."""
ENV = ".env"
"""What a file of assignments ends in."""
_COMMAND = "command:"


def is_command(word: str) -> bool:
    """Whether a word is a launch line as a whole."""
    return word.startswith(_COMMAND)


def command_word(line: str) -> str:
    """The word that is a launch line: ``command: torchrun sft.py --lr 1e-3``."""
    return f"{_COMMAND} {line}"


def command_of(word: str) -> str:
    """The launch line that a word is."""
    return word.removeprefix(_COMMAND).strip()


def is_config(word: str) -> bool:
    """Whether a word is a config or a trainer's file, there or missing, and no spec.

    Without a config's suffix a schedule's name is the schedule, also beside a file called so: the shell makes
    one before ``lrviz values cosine > cosine`` begins.
    """
    if Path(word).suffix.lower() in (*SUFFIXES, *SHELL, ENV, ".py"):
        return "=" not in word or is_there(word)
    return word.endswith("/") or (is_there(word) and lookup(word.partition(":")[0]) is None)


def is_there(word: str) -> bool:
    """Whether a word is the name of a file."""
    try:
        return Path(word).exists() and not Path(word).is_dir()
    except (OSError, ValueError):  # too long, or no name of a file at all
        return False
