fairseq-train data-bin --arch transformer --lr 0.1,0.2 --lr-scheduler polynomial_decay --max-update 20
