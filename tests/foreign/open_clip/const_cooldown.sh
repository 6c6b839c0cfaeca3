torchrun --nproc_per_node 8 -m open_clip_train.main \
  --train-data "shards.tar" --train-num-samples 4000000 --workers 4 \
  --batch-size 256 --epochs 20 --epochs-cooldown 4 \
  --lr-scheduler const-cooldown --lr-cooldown-end 1e-6 --lr-cooldown-power 2 --lr 4e-4 --warmup 1500
