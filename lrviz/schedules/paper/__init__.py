"""Schedules as papers write them, for runs whose code follows the paper and no framework.

t is the number of updates made before, unless an equation counts from 1. Computed in float64.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("paper", "", optimizer=False)
