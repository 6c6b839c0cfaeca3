fairseq-train data-bin/x --arch transformer --optimizer adam --lr 5e-4 --lr-scheduler inverse_sqrt \
    --max-tokens 4000 --update-freq 2 --max-epoch 30
