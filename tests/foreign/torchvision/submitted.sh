python run_with_submitit.py --ngpus 4 --nodes 2 --model resnet50 --batch-size 16 --lr 0.5 \
    --lr-scheduler cosineannealinglr --lr-warmup-epochs 2 --lr-warmup-method linear --lr-min 1e-3 --epochs 6 --data-path /data
