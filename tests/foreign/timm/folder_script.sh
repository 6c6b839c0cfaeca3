./distributed_train.sh 8 /imagenet --model resnet50 --lr 0.1 -b 64 --opt-kwargs layer_decay=0.7
