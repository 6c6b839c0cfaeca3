python train.py data/x --model resnet50 -b64 -j8 --epochs=20 --lr=1e-3 --sched none
