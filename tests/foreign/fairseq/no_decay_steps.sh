fairseq-train data-bin --arch x --lr 0.1 --lr-scheduler tri_stage --warmup-steps 10 --max-update 20
