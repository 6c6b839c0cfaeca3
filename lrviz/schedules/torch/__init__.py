"""torch.optim.lr_scheduler, 2.13.0.

t is the number of ``scheduler.step()`` calls made before the update, so lr(0) is what the
constructor leaves. Computed in float64. Most classes are recurrences on the LR in the param
group; alone they follow the closed forms given here (to 1e-12 of the curve's maximum), and
together with others they act as the maps of their ``Part``.
"""

from lrviz.catalogue.registry import START, Framework

FRAMEWORK = Framework("torch", "2.13.0", inert={"last_epoch": START, "verbose": (False, "deprecated")})
