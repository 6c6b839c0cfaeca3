from lightning.pytorch.cli import LightningCLI


class MakingCLI(LightningCLI):
    @staticmethod
    def configure_optimizers(module, optimizer, lr_scheduler=None):
        return [optimizer], [warmed(lr_scheduler)]


MakingCLI()
