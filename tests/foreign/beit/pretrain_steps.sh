python -m torch.distributed.launch --nproc_per_node=8 run_beit_pretraining.py --data_path data --num_mask_patches 75 \
  --batch_size 128 --lr 1.5e-3 --warmup_steps 1000 --epochs 15
