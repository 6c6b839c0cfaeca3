fairseq-train data-bin/pages --task language_modeling --arch transformer_lm --max-tokens 2048 --update-freq 4 \
    --optimizer nag --lr-scheduler cosine --lr 1.0 --min-lr 1e-4 --warmup-updates 1600 --warmup-init-lr 1e-07 \
    --lr-period-updates 4000 --t-mult 2 --lr-shrink 0.75 --max-update 28000 --stop-min-lr 1e-09
