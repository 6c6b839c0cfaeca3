python train.py --model mobilenet_v3_large --data-path d --epochs 60 --batch-size 128 --lr 0.064 --wd 0.00001 --opt rmsprop \
  --lr-scheduler exponentiallr --lr-gamma 0.973 --lr-warmup-epochs 3
