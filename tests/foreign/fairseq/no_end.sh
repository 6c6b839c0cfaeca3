fairseq-train data-bin --arch transformer --lr 0.1
