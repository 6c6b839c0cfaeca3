from ultralytics import YOLO
from ultralytics.models.yolo.detect import DetectionTrainer


class Own(DetectionTrainer):
    def build_optimizer(self, *args, **kwargs):
        return mine


def halve(trainer):
    for group in trainer.optimizer.param_groups:
        group["lr"] /= 2


model = YOLO("a.pt")
model.add_callback("on_train_batch_start", halve)
model.train(trainer=Own, data="d", epochs=20, batch=16, optimizer="SGD", lr0=0.01)
