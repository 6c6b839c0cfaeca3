CUDA_VISIBLE_DEVICES=0 llamafactory-cli train lora.yaml --learning_rate 3e-4
