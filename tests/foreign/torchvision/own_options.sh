torchrun --nproc_per_node=4 train.py --dataset coco --model fasterrcnn_resnet50_fpn --epochs 12 \
    --lr-steps 8 11 --aspect-ratio-group-factor 3 --weights-backbone ResNet50_Weights.IMAGENET1K_V1
