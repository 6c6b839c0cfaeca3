"""The scripts of diffusers by name: how each builds its scheduler, and its defaults.

Source: ``examples`` of diffusers 2026-08, and of 2024-10 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.known_keys import lacking
from lrviz.inputs.foreign.opening import script_name

if TYPE_CHECKING:
    from lrviz.inputs.foreign.settings import Settings
    from lrviz.inputs.foreign.source import Source


class Script(NamedTuple):
    """A script, or several: what it multiplies warmup and total by, and its defaults.

    ``times`` is the processes, the accumulation, or nothing, and ``warmed`` what it multiplies its warmup by
    where that is something else. ``counts`` is when the updates of an epoch are
    counted, which without ``max_train_steps`` are the total: after its batches are shared out, or before; or
    it is the batches that are counted. ``loader`` is whose they are: accelerate shares them out, a process
    has all of them, or they come from a web data set. ``needs_steps`` tells of one that computes with
    ``max_train_steps`` before it is known, for every schedule or for those that end; ``scales`` of one that
    looks at ``scale_lr``. ``repeats`` tells of one that takes each image ``--repeats`` times,
    ``class_images`` how many it has by default beside ``--with_prior_preservation``, and ``drops`` of one
    whose sampler leaves out the last batch of each bucket where that is not full. ``mended`` is the day from
    which on it counts after them: before, ahead of the sharing out.
    """

    times: str
    lr: float = 1e-4
    epochs: int = 1
    batch: int = 4
    counts: str = "after"
    lr_scheduler: str = "constant"
    max_steps: int | None = None
    loader: str = "shared out"
    needs_steps: str = ""
    scales: bool = True
    repeats: bool = False
    class_images: int = 100
    drops: bool = False
    mended: str = ""
    warmed: str | None = None


P, A, BOTH, NOTHING = "processes", "accumulation", "both", ""
BEFORE, BATCHES = "before", "batches"
SHARED, WHOLE, WEB = "shared out", "whole", "web"
ALWAYS, TO_END = "always", "to end"
SCRIPTS = {
    "train_text_to_image": Script(P, epochs=100, batch=16),
    "train_text_to_image_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "train_text_to_image_lora_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "train_text_to_image_prior": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_decoder": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_lora_prior": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_text_to_image_lora_decoder": Script(A, epochs=100, batch=1, counts=BEFORE),
    "train_instruct_pix2pix": Script(P, epochs=100, batch=16),
    "train_instruct_pix2pix_sdxl": Script(A, epochs=100, batch=16, counts=BEFORE),
    "textual_inversion": Script(P, epochs=100, batch=16, max_steps=5000),
    "train_dreambooth": Script(P, lr=5e-6, mended="2025-05-13"),
    "train_dreambooth_flux": Script(P, repeats=True, mended="2025-04-21"),
    "train_dreambooth_sd3": Script(P, counts=BEFORE, repeats=True),
    "train_dreambooth_lora": Script(P, lr=5e-4, mended="2025-03-06"),
    "train_dreambooth_lora_": Script(P, repeats=True, mended="2025-04-21"),
    "train_dreambooth_lora_sd3": Script(P, repeats=True, mended="2026-05-13"),
    "train_dreambooth_lora_sd15_advanced": Script(P, repeats=True),
    "train_dreambooth_lora_sdxl_advanced": Script(P, repeats=True),
    "train_dreambooth_lora_flux2": Script(P, repeats=True, drops=True),
    "train_dreambooth_lora_flux_kontext": Script(P, repeats=True, drops=True),
    "train_dreambooth_lora_hidream": Script(P, counts=BEFORE, repeats=True),
    "train_dreambooth_lora_ideogram4": Script(P, repeats=True, drops=True),
    "train_dreambooth_lora_krea2": Script(P, lr=3e-4, counts=BEFORE, repeats=True, drops=True),
    "train_dreambooth_lora_lumina2": Script(P, counts=BEFORE, repeats=True),
    "train_dreambooth_lora_qwen": Script(P, counts=BEFORE, repeats=True, drops=True),
    "train_dreambooth_lora_sana": Script(P, counts=BEFORE, repeats=True),
    "train_dreambooth_lora_z_image": Script(P, repeats=True, drops=True),
    "train_controlnet": Script(P, lr=5e-6, mended="2025-04-08"),
    "train_controlnet_sdxl": Script(P, lr=5e-6),
    "train_controlnet_sd3": Script(P, lr=5e-6, counts=BEFORE),
    "train_controlnet_flux": Script(P, lr=5e-6, needs_steps=ALWAYS),
    "train_control_": Script(P, lr=5e-6),
    "train_control_cogview4": Script(P, lr=5e-6, needs_steps=ALWAYS),
    "train_custom_diffusion": Script(P, lr=1e-5, class_images=200),
    "train_cogvideox": Script(P, counts=BEFORE),
    "train_amused": Script(P, lr=3e-4, batch=16, needs_steps=ALWAYS),
    "train_lcm_distill_lora_sdxl": Script(P, lr=1e-6, epochs=100, batch=16),
    "train_lcm_distill_lora_sdxl_wds": Script(NOTHING, epochs=100, batch=16, loader=WEB),
    "train_lcm_distill_lora_sd_wds": Script(NOTHING, epochs=100, batch=16, loader=WEB, scales=False),
    "train_lcm_distill_sd_wds": Script(NOTHING, epochs=100, batch=16, loader=WEB, scales=False),
    "train_lcm_distill_sdxl_wds": Script(NOTHING, epochs=100, batch=16, loader=WEB),
    "train_t2i_adapter": Script(NOTHING, lr=5e-6, counts=BEFORE),
    "train_vqgan": Script(NOTHING, epochs=100, batch=16, loader=WHOLE, needs_steps=TO_END, scales=False),
    "train_unconditional": Script(A, epochs=100, batch=16, counts=BATCHES, lr_scheduler="cosine"),
}
"""By the beginning of their names, of which the longest counts."""


def known_script(name: str) -> Script | None:
    """The script of that name."""
    known = [begin for begin in SCRIPTS if name.startswith(begin)]
    return SCRIPTS[max(known, key=len)] if known else None


def absent(source: Source) -> frozenset[str]:
    """Options that another script has, and that of a command in no version; none of one that is here."""
    names = lacking("diffusers_lacks").get(source.script.removesuffix(".py"), frozenset[str]())
    return frozenset() if names and script_name(source) else names


def lacks(run: Settings) -> frozenset[str]:
    """Those that the script of a run does not have."""
    return absent(run.source)
