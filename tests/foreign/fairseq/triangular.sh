fairseq-train data-bin --arch transformer --lr 0.1 --lr-scheduler triangular --max-lr 0.5 --lr-shrink 0.5 \
    --lr-period-updates 10 --max-tokens 4000 --max-update 25
