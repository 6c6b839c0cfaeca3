torchrun --nproc_per_node $GPUS train.py --data-dir $DATA --sched cosine --lr $LR --epochs $EPOCHS -b $BATCH --warmup-epochs 3
