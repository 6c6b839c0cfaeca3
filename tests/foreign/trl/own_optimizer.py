import torch
from trl import SFTConfig, SFTTrainer


class Heads(SFTTrainer):
    def create_optimizer(self):
        self.optimizer = torch.optim.AdamW([{"params": self.heads, "lr": 1e-3}], lr=self.args.learning_rate)
        return self.optimizer


args = SFTConfig(output_dir="out", per_device_train_batch_size=8, max_steps=100, learning_rate=5e-5)
Heads(model="x", args=args, train_dataset=rows).train()
