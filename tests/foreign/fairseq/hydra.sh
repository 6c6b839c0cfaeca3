fairseq-hydra-train task.data=/data optimization.max_update=400 optimization.lr=[0.0005] \
    --config-dir config --config-name words
