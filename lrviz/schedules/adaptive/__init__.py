"""What adaptive optimizers make of their LR: the step size of one parameter under stated gradients.

As torch's optimizers compute it for one float64 parameter on the CPU, update for update. A gradient
is an input here, not a result: it does not depend on where the parameter stands, unless weight decay
adds to it. Once the two balance, what is left is rounding, and processors differ in it.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("adaptive", "torch 2.13.0")
