fairseq-train data-bin --arch transformer --lr 0.1,0.2 --lr-scheduler cosine --max-update 20
