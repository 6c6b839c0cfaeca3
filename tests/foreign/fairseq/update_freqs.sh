python -m torch.distributed.launch --nproc_per_node=2 $(which fairseq-train) data-bin --arch transformer \
    --lr 5e-4 --lr-scheduler inverse_sqrt --warmup-updates 400 --max-tokens 4000 --update-freq 4,2,1 --max-epoch 5
