"""mmengine: parameter schedulers with a window [begin, end) of a global step, 0.10.7.

Each scheduler acts at global step g only where begin <= g < end, with its local step k, and works on the LR
it finds; outside its window it leaves the LR alone. The constructor is step 0. A list is therefore the fold
of its members' maps. Computed in float64. A step is an epoch, or with ``by_epoch`` false an iteration: it
says who calls step(), and changes no formula.
"""

from __future__ import annotations

from lrviz.catalogue.registry import START, Framework

FRAMEWORK = Framework("mmengine", "0.10.7", inert={"last_step": START, "verbose": (False, True)})
