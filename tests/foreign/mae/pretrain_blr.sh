python -m torch.distributed.launch --nproc_per_node=8 main_pretrain.py \
  --batch_size 64 --accum_iter 8 --model mae_vit_base_patch16 --norm_pix_loss --mask_ratio 0.75 \
  --epochs 200 --warmup_epochs 20 --blr 1.5e-4 --weight_decay 0.05 --data_path data
