torchrun --nproc_per_node 8 tools/train.py configs/detector.py --cfg-options train_cfg.max_epochs=2
