from unsloth import FastLanguageModel
from trl import SFTConfig, SFTTrainer

model, tokenizer = FastLanguageModel.from_pretrained("our-org/base", max_seq_length=2048, load_in_4bit=True)
SFTTrainer(
    model=model,
    train_dataset=rows,
    args=SFTConfig(
        per_device_train_batch_size=2,
        gradient_accumulation_steps=4,
        warmup_steps=5,
        max_steps=60,
        learning_rate=2e-4,
        lr_scheduler_type="linear",
        output_dir="out",
    ),
).train()
