from samplers import Balanced
from sentence_transformers import SparseEncoderTrainer, SparseEncoderTrainingArguments

args = SparseEncoderTrainingArguments(output_dir="out", num_train_epochs=1, batch_sampler=Balanced)
SparseEncoderTrainer(model=model, args=args, train_dataset=rows, loss=loss).train()
