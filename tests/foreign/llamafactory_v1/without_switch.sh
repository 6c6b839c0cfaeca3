NPROC_PER_NODE=4 llamafactory-cli train steps.yaml
