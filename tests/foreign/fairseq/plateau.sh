fairseq-train data-bin --arch transformer --lr 0.1 --lr-scheduler reduce_lr_on_plateau --max-update 20
