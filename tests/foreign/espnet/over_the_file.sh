python3 -m espnet2.bin.asr_train --config warmuplr.yaml --max_epoch 2 --scheduler_conf warmup_steps=10 --optim_conf lr=0.01
