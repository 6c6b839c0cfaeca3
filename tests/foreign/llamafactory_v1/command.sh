USE_V1=1 NPROC_PER_NODE=4 llamafactory-cli sft steps.yaml max_steps=null learning_rate=3e-4
