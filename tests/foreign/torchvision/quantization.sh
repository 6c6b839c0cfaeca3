torchrun --nproc_per_node=8 train_quantization.py --model='mobilenet_v2' --epochs 40 -j 8
