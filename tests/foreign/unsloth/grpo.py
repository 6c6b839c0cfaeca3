from unsloth import FastLanguageModel
from trl import GRPOConfig

args = GRPOConfig(output_dir="out", num_generations=6, per_device_train_batch_size=1, gradient_accumulation_steps=1, num_train_epochs=1)
