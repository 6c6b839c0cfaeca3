from dataclasses import dataclass

from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from transformers import HfArgumentParser


@dataclass
class Data:
    pairs: str = "our-org/pairs"


data, args = HfArgumentParser((Data, SentenceTransformerTrainingArguments)).parse_args_into_dataclasses()
model = SentenceTransformer("our-org/encoder")
SentenceTransformerTrainer(model=model, args=args, train_dataset=read(data.pairs), loss=loss).train()
