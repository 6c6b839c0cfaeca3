python -m scripts.base_train --depth=12 --num-iterations=-1 --total-batch-size=-1
