python3 -m paddle.distributed.launch --gpus '0,1,2' tools/train.py -c linear.yml -o Global.epoch_num=3 Train.loader.drop_last=True
