"""fairseq: the schedulers of ``--lr-scheduler``, 0.12.2.

A scheduler sets the LR of all param groups to what it makes of ``--lr``. The trainer asks it for update t
before it makes that update.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("fairseq", "0.12.2")
