from lightning.pytorch.cli import LightningCLI


class StepwiseCLI(LightningCLI):
    @staticmethod
    def configure_optimizers(module, optimizer, lr_scheduler=None):
        if lr_scheduler is None:
            return optimizer
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": lr_scheduler, "interval": "step"}}


if __name__ == "__main__":
    StepwiseCLI(trainer_defaults={"accumulate_grad_batches": 2})
