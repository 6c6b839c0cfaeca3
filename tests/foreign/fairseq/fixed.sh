fairseq-train data-bin --arch transformer --lr 0.5,0.25,0.2 --fa 4 --lr-shrink 0.5 --warmup-updates 4 \
    --max-tokens 4000 --max-epoch 5
