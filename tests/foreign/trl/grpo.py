from trl import GRPOConfig, GRPOTrainer

args = GRPOConfig(output_dir="out", num_train_epochs=2, gradient_accumulation_steps=4, lr_scheduler_type="cosine")
trainer = GRPOTrainer("our-org/base", reward_funcs=score, args=args, train_dataset=prompts)
