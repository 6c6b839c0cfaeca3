"""Schedules of timm.

t = 0 is what the constructor writes into the group: the LR, or warmup_lr_init with a warmup. After that t is
the number train.py hands over: epochs done (``step``), or updates done (``step_update``) where t_in_epochs is
false. Computed in float64 from t alone, but for the plateau.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("timm", "1.0.31", group_keys=("lr_scale",))
