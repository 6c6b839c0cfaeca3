NPROC_PER_NODE=2 megatron sft --model our-org/base --dataset talks.jsonl --freeze_vit false --freeze_aligner false --vit_lr 2e-6 --aligner_lr 1e-5 \
  --lr 1e-5 --min_lr 1e-6 --train_iters 40
