import unsloth
from transformers import SchedulerType, TrainingArguments

args = TrainingArguments(
    output_dir="out", num_train_epochs=3, per_device_train_batch_size=8, gradient_accumulation_steps=4,
    learning_rate=1e-4, lr_scheduler_type=SchedulerType.COSINE, warmup_ratio=0.03,
)
