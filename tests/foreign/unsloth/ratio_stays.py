from unsloth import FastLanguageModel
from trl import SFTConfig, SFTTrainer

args = SFTConfig(
    per_device_train_batch_size=2,
    warmup_steps=0,
    max_steps=60,
    learning_rate=2e-4,
    output_dir="out",
)
