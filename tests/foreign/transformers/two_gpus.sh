export CUDA_VISIBLE_DEVICES=0,1
python tune.py --output_dir out --num_train 2 --per_device_train_batch_size 8 --learning_ 1e-4 --lr_scheduler_t cosine
