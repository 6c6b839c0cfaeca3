"""Fvcore: ParamScheduler classes, 0.1.5.post20221221.

A ParamScheduler maps ``where``, the fraction of the run that is done, to a number. detectron2's LRMultiplier
makes an LR of it: update t uses the base LR B of its param group times the scheduler at t / max_iter.
``max_iter``, LRMultiplier's own parameter, stands here beside those of the outermost scheduler. It is stepped
after the last update too: a scheduler that raises at where = 1 stops a detectron2 run at its very end.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("fvcore", "0.1.5.post20221221")
