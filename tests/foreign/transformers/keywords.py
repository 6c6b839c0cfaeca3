from transformers import TrainingArguments

arguments = TrainingArguments("out", max_steps=100, lr_scheduler_type="cosine", **read_settings())
