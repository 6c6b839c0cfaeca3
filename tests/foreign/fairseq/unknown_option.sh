fairseq-train data-bin --arch transformer --optimizer adam --lr 5e-4 --lr-scheduler inverse_sqrt --warmup-updates 4000 --max-update 100000 --max-tokens 4096 --foo-bar 1
