./tools/train_net.py --config-file mask_rcnn.yaml --num-gpus 8
