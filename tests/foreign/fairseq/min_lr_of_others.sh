fairseq-train data-bin --arch transformer --optimizer adam --lr 5e-4 --lr-scheduler inverse_sqrt \
    --warmup-updates 4000 --min-lr 1e-09 --max-tokens 4096 --max-update 50000
