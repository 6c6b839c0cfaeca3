deepspeed --module openrlhf.cli.train_rm --optim muon --muon.lr 0.01 --min_lr_ratio 0.2 --train.max_epochs 2
