"""kohya_ss: the JSON that its pages save, which it makes the TOML of sd-scripts of.

A 0 or an empty text there is nothing said, and a field that is not there stays as its page shows it at first.
Where no steps are said, it counts the images.

Source: kohya_ss 45088f04 (2026-07), ``kohya_gui/lora_gui.py``, ``dreambooth_gui.py``, ``finetune_gui.py`` and
``common_gui.py``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.known_keys import Fate, KnownKeys, by_language
from lrviz.inputs.foreign.launch import Launch
from lrviz.inputs.foreign.setting import Setting, count, switch, text, whole
from lrviz.inputs.foreign.shared.kohya_extra import EXTRA, check_extra, options_in
from lrviz.inputs.foreign.shared.kohya_network import RATIO, RATIOS, THRESHOLD, WEIGHTS
from lrviz.inputs.foreign.trainer import ForeignTrainer
from lrviz.inputs.foreign.trainers import kohya
from lrviz.notation.origin import Given, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from lrviz.inputs.config.lines import KeyPath
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec

_OTHERWISE: dict[str, dict[str, Any]] = {
    "max_train_steps": {"kind": whole},
    "transformers": {"default": "4.54.1"},
}
SETTINGS = (
    *(one._replace(**_OTHERWISE.get(one.name, {})) for one in kohya.SETTINGS),
    Setting("epoch", count, 1),
    Setting("reg_data_dir", text),
    Setting("flip_aug", switch, default=False),
    Setting("dataset_repeats", count),
)
_SIGNS = {"epoch", "lr_warmup", "lr_scheduler"}
_NOTHING = ("", 0, "0")
"""Fields that are left empty."""
_MODULES = {
    **dict.fromkeys(("Standard", "Kohya LoCon"), "lora"),
    "LoRA-FA": "lora_fa",
    "Kohya DyLoRA": "dylora",
    "Flux1": "lora_flux",
    "HunyuanImage-2.1": "lora_hunyuan_image",
    "Anima": "lora_anima",
    "Lumina": "lora_lumina",
}
"""The scripts' own networks that know LoRA+ or weights of blocks, without their package."""
_OF_FINE_TUNING = {"train_text_encoder", "dataset_repeats", "block_lr"}
"""Fields of the page for fine-tuning alone, beside which that for DreamBooth is."""
_SCRIPTS = {
    **dict.fromkeys(("sdxl", "sdxl_checkbox"), "sdxl_train.py"),
    "sd3_checkbox": "sd3_train.py",
    "flux1_checkbox": "flux_train.py",
    "anima_checkbox": "anima_train.py",
    "lumina_checkbox": "lumina_train.py",
}
_OF_PAGES = {"learning_rate": 1e-5, "learning_rate_te": 1e-5, "optimizer_type": "AdamW"}
_OF_LORA = {**_OF_PAGES, "learning_rate": 1e-4, "unet_lr": 1e-4, "text_encoder_lr": (1e-4,)}
"""What pages show at first."""
_NO_FIELDS = {one.name for one in kohya.SETTINGS} - KnownKeys(("kohya_gui",)).names()
KEYS = KnownKeys(("kohya_gui", "kohya"), by_language(Fate.PASSED))
_OF_COUNT = ("train_batch_size", "gradient_accumulation_steps", "epoch")


def claims(source: Source) -> bool:
    """JSON with fields that only its pages call so."""
    return source.language == "json" and source.data.keys() >= _SIGNS


def _as_toml(source: Source) -> Source:
    """What it writes for the script: each of its names with the field that says it, and its value.

    A field that is empty is None there, and a key of the script's that is no field has a place alone.
    """
    shown = {key: value for key, value in source.data.items() if value is not None}
    said = {key: value for key, value in shown.items() if value not in _NOTHING}
    fields = {key: (key, said.get(key)) for key in shown if key != "optimizer" and key not in _NO_FIELDS}
    fields |= _of_texts(said) | _of_warmup(said) | _of_parts(_with_first(said, shown)) | _of_network(said)
    if source.data.get("max_train_steps") in _NOTHING:
        fields["max_train_steps"] = ("max_train_steps", 0)  # one that is not there is the pages' 1600
    options = options_in(said.get(EXTRA), source.place((EXTRA,)))
    data = {**{key: value for key, (_, value) in fields.items()}, **{key: value for key, value, _ in options}}
    places: dict[KeyPath, Place] = {(key,): source.place((field,)) for key, (field, _) in fields.items()}
    places |= {(key,): source.place((key,)) for key in said if key in _NO_FIELDS and key not in data}
    places |= {(key,): place for key, _, place in options}
    world = said.get("num_processes")
    origin = Origin("file", "num_processes", source.place(("num_processes",)))
    launch = Launch(
        program=_script(source), world=source.launch.world if world is None else Given(world, origin)
    )
    return replace(source, data=data, places=places, launch=launch)


def _with_first(said: Mapping[str, object], shown: Container[str]) -> dict[str, object]:
    """What is said, and the LRs of a LoRA's page that are neither said nor empty."""
    first = {key: one for key, one in _OF_LORA.items() if key not in shown} if "LoRA_type" in said else {}
    return {**said, **{key: one[0] if isinstance(one, tuple) else one for key, one in first.items()}}


def _of_texts(said: Mapping[str, object]) -> dict[str, tuple[str, Any]]:
    """The optimizer, and the ``k=v`` words of a text."""
    found = {"optimizer_type": ("optimizer", said["optimizer"])} if "optimizer" in said else {}
    for key in ("lr_scheduler_args", "optimizer_args"):
        if isinstance(words := said.get(key), str):
            found[key] = (key, words.replace('"', "").split())
    return found


def _of_warmup(said: Mapping[str, object]) -> dict[str, tuple[str, Any]]:
    """A number of steps, else the percents as a share, or as steps beside a data set's own file."""
    if "lr_warmup_steps" in said or (percents := _number(said.get("lr_warmup"))) is None:
        return {}
    steps = _number(said.get("max_train_steps"))
    if "LoRA_type" in said and "dataset_config" in said:
        return {"lr_warmup_steps": ("lr_warmup", round(percents * steps / 100) if steps else 0)}
    return {"lr_warmup_steps": ("lr_warmup", percents / 100)}


def _of_parts(said: Mapping[str, object]) -> dict[str, tuple[str, Any]]:
    """What is trained: of a LoRA the parts that have an LR, both where neither has one of its own."""
    if "LoRA_type" not in said:
        return _of_encoders(said)
    unet, encoders = (_number(said.get(key)) is not None for key in ("unet_lr", "text_encoder_lr"))
    t5 = _number(said.get("t5xxl_lr"))
    both = {"text_encoder_lr": ("t5xxl_lr", [said["text_encoder_lr"], t5])} if t5 and encoders else {}
    return both | {
        "network_train_unet_only": ("unet_lr", unet and not encoders),
        "network_train_text_encoder_only": ("text_encoder_lr", encoders and not unet),
    }


def _script(source: Source) -> str:
    """What its page starts: for a LoRA the script does not matter, others have a model."""
    said = source.data
    if "LoRA_type" in said:
        return ""
    is_fine_tuning = bool(said.keys() & _OF_FINE_TUNING)
    named = next((script for key, script in _SCRIPTS.items() if said.get(key)), "")
    return named or ("fine_tune.py" if is_fine_tuning else "train_db.py")


def _of_encoders(said: Mapping[str, object]) -> dict[str, tuple[str, Any]]:
    """Whether text encoders are trained: by a box that is ticked at first, or by their LRs."""
    if said.keys() & _OF_FINE_TUNING:
        return {} if "train_text_encoder" in said else {"train_text_encoder": ("", True)}
    name = next((one for one in ("learning_rate_te1", "learning_rate_te2") if _number(said.get(one))), "")
    return {"train_text_encoder": (name, True)} if name else {}


def _of_network(said: Mapping[str, object]) -> dict[str, tuple[str, Any]]:
    """The module of a LoRA, and what of its pages is an argument of that."""
    if "LoRA_type" not in said:
        return {}
    kind = str(said["LoRA_type"])
    module = "lora_sd3" if _MODULES.get(kind) == "lora" and said.get("sd3_checkbox") else _MODULES.get(kind)
    weights = (*WEIGHTS, THRESHOLD) if module in ("lora", "lora_sd3", "lora_fa", "dylora") else ()
    names = [name for name in (*weights, RATIO, *RATIOS.values()) if name in said]
    found: dict[str, tuple[str, Any]] = {
        "network_module": ("LoRA_type", f"networks.{module}" if module else kind)
    }
    words = [f"{name}={said[name]}".replace('"', "") for name in names]
    return found | ({"network_args": (names[0], words)} if words else {})


def _number(value: Any) -> float | None:
    """A number but 0, which may stand there as a text."""
    try:
        return float(value) or None
    except (TypeError, ValueError):
        return None
    except OverflowError:  # a whole number beyond a float
        return math.inf


def read(run: Settings) -> Spec:
    """The script's run, with what the page shows for the fields that are not there."""
    check_extra(run)
    data = run.source.data
    first = _OF_LORA if "LoRA_type" in data else _OF_PAGES
    run.set_defaults(**{key: value for key, value in first.items() if key not in data})
    if passed := [str(path[0]) for path in run.source.places if path[0] not in data]:
        text = f"no field of {run.title}, which passes over it: {', '.join(passed)}"
        run.warn("unknown-key", text, hint=f"its field {EXTRA} takes options of the script: --{passed[0]}=…")
    return kohya.read(run, length=_updates)


def _updates(run: Settings) -> int:
    """The epochs that are said, else the steps, else the images, with their repeats, in batches."""
    if run["max_train_epochs"] is not None:
        return kohya.updates(run)
    steps = run["max_train_steps"]
    if steps > 0:
        steps = run.line(run.TOTAL_STEPS, "max_train_steps", steps)
    elif run["dataset_config"]:
        steps = run.line(run.TOTAL_STEPS, "its script's default, as dataset_config is said", 1600)
    else:
        steps = _counted(run)
    if run.is_said("dataset_repeats") and run["flip_aug"]:
        steps = run.line(run.TOTAL_STEPS, f"ceil({steps} / 2), by flip_aug", math.ceil(steps / 2))
    return steps


def _counted(run: Settings) -> int:
    run.explain("dataset_len", "how many images it trains on, each as often as its folder says")
    n = run.ask("dataset_len") if kohya.is_flat(run) else run.ask("dataset_len", "world_size")[0]
    batch, accum, epochs = (run[one] for one in _OF_COUNT)
    twice = 2 if run["reg_data_dir"] else 1
    formula = f"ceil({n} / {batch} / {accum} * {epochs} * {twice})"
    return run.line(run.TOTAL_STEPS, formula, math.ceil(n / batch / accum * epochs * twice))


TRAINER = ForeignTrainer(
    "kohya_gui",
    "26.0.0",
    SETTINGS,
    claims,
    read,
    program="kohya_ss",
    read_file=_as_toml,
    keys=KEYS,
    known_by="epoch, lr_warmup and lr_scheduler in JSON",
)
