fairseq-train data-bin --arch transformer --lr 0.1 --lr-scheduler step --lr-deacy-period 5 --min-lr 0.02 --max-update 20
