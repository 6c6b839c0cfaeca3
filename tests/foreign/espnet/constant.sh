python -m espnet2.bin.asr_train --use_preprocessor true --num_iters_per_epoch 20 --max_epoch 2 --optim sgd --optim_conf lr=0.3
