NPROC_PER_NODE=2 swift sft --model our-org/base --tuner_type lora --dataset our-org/talks#500 our-org/books#1000 \
  --interleave_prob 0.5 0.5 --output_dir out
