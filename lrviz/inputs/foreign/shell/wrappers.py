"""Commands in front of another that start it once: ``nohup``, ``docker run``, a profiler."""

from __future__ import annotations

from typing import NamedTuple

from lrviz.inputs.foreign.shell.sbatch import SWITCHES


class Wrapper(NamedTuple):
    """Its options without a value, and words of its own before the other command.

    ``line`` is the option whose value is a command as one text. ``runs_modules`` is that of python, and of
    what runs a script or ``-m module`` as python does, ``allocates`` that of Slurm, which sets variables, and
    ``dashes`` is that of a program whose own words end at ``--``, however many stand behind an option, and
    ``sets`` are the options that set variables for the other command.
    """

    switches: str = ""
    words: int = 0
    line: str = ""
    runs_modules: bool = False
    allocates: bool = False
    dashes: bool = False
    sets: str = ""


PYTHON = Wrapper("u B O OO E I P s S i q v b bb d x", runs_modules=True)
_CONTAINER = Wrapper(
    "nv rocm cleanenv e c contain writable_tmpfs containall C no_home pid", words=1, sets="env"
)
_DOCKER = Wrapper("rm it ti i t d privileged init", words=1, sets="e env")
_CONDA = Wrapper("no_capture_output live_stream v")

WRAPPERS = {
    "apptainer exec": _CONTAINER,
    "apptainer run": _CONTAINER,
    "bsub": Wrapper("K I Is Ip r rn N B x H"),
    "cProfile": Wrapper(runs_modules=True),
    "caffeinate": Wrapper("d i m s u"),
    "chrt": Wrapper("f r b i o d", words=1),
    "command": Wrapper("p"),
    "conda run": _CONDA,
    "coverage run": Wrapper("branch append a p parallel_mode L pylib timid", runs_modules=True),
    "debugpy": Wrapper("wait_for_client log_to_stderr", runs_modules=True),
    "docker run": _DOCKER,
    "env": Wrapper("i ignore_environment"),
    "exec": Wrapper("c l"),
    "hatch run": Wrapper(),
    "ionice": Wrapper("t"),
    "kernprof": Wrapper("l v b z i", runs_modules=True),
    "mamba run": _CONDA,
    "mason.py": Wrapper(dashes=True),
    "memray run": Wrapper("f force q quiet native live follow_fork aggregate", runs_modules=True),
    "micromamba run": _CONDA,
    "mpi4py": Wrapper(runs_modules=True),
    "nice": Wrapper(),
    "nohup": Wrapper(),
    "numactl": Wrapper("l localalloc a all"),
    "pdb": Wrapper(runs_modules=True),
    "pdm run": Wrapper(),
    "pipenv run": Wrapper(),
    "pixi run": Wrapper("frozen locked"),
    "podman run": _DOCKER,
    "poetry run": Wrapper("q v n no_interaction"),
    "pyinstrument": Wrapper("t timeline show_all", runs_modules=True),
    "ray job submit": Wrapper("no_wait verbose"),
    "rye run": Wrapper(),
    "salloc": Wrapper(SWITCHES, allocates=True),
    "sbatch": Wrapper(SWITCHES, line="wrap", allocates=True),
    "scalene": Wrapper("cpu gpu memory cli html json", runs_modules=True),
    "setsid": Wrapper("c f w"),
    "singularity exec": _CONTAINER,
    "singularity run": _CONTAINER,
    "stdbuf": Wrapper("oL eL iL o0 e0 i0"),
    "sudo": Wrapper("E H n S k b i s preserve_env"),
    "taskset": Wrapper("a"),
    "time": Wrapper("p v"),
    "timeout": Wrapper("foreground preserve_status v verbose", words=1),
    "uv run": Wrapper(
        "active all_extras all_groups dev exact frozen isolated locked m module managed_python no_config "
        "no_dev no_editable no_env_file no_project no_sync offline q quiet s script v verbose"
    ),
}

LOOKED_THROUGH = frozenset(
    (
        *("clush", "dsh", "mpssh", "parallel-ssh", "pdsh", "pssh"),
        *("compute-sanitizer", "cuda-gdb", "direnv", "docker", "enroot", "eval", "gdb", "kubectl", "ltrace"),
        *("ncu", "nix", "nix-shell", "nsys", "perf", "podman", "proxychains4", "py-spy", "rlwrap"),
        *("rocprof", "rocprofv2", "rocprofv3", "screen", "script", "ssh", "strace", "su", "tmux", "unbuffer"),
        *("valgrind", "wandb", "watch", "xvfb-run"),
    )
)
"""Those whose options are many: what they start is the first launcher or python behind them."""
SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ksh"))
PRINTERS = frozenset(("echo", "printf", "log", "log_info", "info"))
_OF_FILES = frozenset(
    ("cat", "chmod", "cp", "ln", "ls", "mkdir", "mv", "rm", "sed", "tar", "tee", "touch", "unzip")
)
_OF_NETWORK = frozenset(("curl", "git", "pip", "pip3", "rsync", "wget"))
_OF_SHELL = frozenset(
    (
        *(":", "[", "[[", "alias", "bind", "break", "cd", "continue", "declare", "dirs", "disown", "exit"),
        *("export", "false", "getopts", "hash", "jobs", "kill", "let", "local", "mapfile", "module", "popd"),
        *(
            "pushd",
            "pwd",
            "read",
            "readarray",
            "readonly",
            "return",
            "set",
            "shift",
            "shopt",
            "sleep",
            "test",
        ),
        *("trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait"),
    )
)
BUILTINS = PRINTERS | _OF_FILES | _OF_NETWORK | _OF_SHELL
"""Commands of scripts beside the one that trains, which never do."""
