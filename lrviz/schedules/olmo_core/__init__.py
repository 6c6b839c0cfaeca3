"""OLMo-core: the classes of its ``optim.scheduler``, ai2-olmo-core 3.0.0.

A function of the steps done, which its trainer calls for an update with that update counted: update t has
f(t + 1). With ``units: tokens`` it counts tokens; lrviz takes them in updates.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("olmo_core", "3.0.0")
