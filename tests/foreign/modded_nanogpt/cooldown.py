from dataclasses import dataclass


@dataclass
class Hyperparameters:
    val_tokens = 10485760
    num_iterations = 2000
    cooldown_frac = 0.45


args = Hyperparameters()
optimizer = Muon(matrices, lr=0.05, momentum=0.95)
