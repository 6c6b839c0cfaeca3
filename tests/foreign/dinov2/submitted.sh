python dinov2/run/train/train.py --nodes 2 --config-file vitl.yaml --output-dir out optim.epochs=5 train.OFFICIAL_EPOCH_LENGTH=100
