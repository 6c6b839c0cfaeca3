import unsloth
from trl import DPOConfig

args = DPOConfig(output_dir="out", num_train_epochs=1, lr_scheduler_type="cosine")
