from unsloth import FastLanguageModel
from trl import ORPOConfig, ORPOTrainer

args = ORPOConfig(num_train_epochs=1, lr_scheduler_type="cosine", output_dir="out")
