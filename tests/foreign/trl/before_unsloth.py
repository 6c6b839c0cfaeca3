from trl import SFTConfig, SFTTrainer
from unsloth import FastLanguageModel

SFTTrainer(model=model, train_dataset=rows, args=SFTConfig(output_dir="o", num_train_epochs=1)).train()
