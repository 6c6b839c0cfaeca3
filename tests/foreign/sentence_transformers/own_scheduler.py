from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments


class Flat(SentenceTransformerTrainer):
    def create_scheduler(self, num_training_steps, optimizer=None):
        self.lr_scheduler = flat(self.optimizer)
        return self.lr_scheduler


args = SentenceTransformerTrainingArguments(output_dir="out", max_steps=500, learning_rate=4e-5)
Flat(model=model, args=args, train_dataset=rows, loss=loss).train()
