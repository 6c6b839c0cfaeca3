python tools/lazyconfig_train_net.py --config-file lazy_mask_rcnn.py --num-gpus 8 train.max_iter=18000
