python -m scripts.base_train --depth=20 --num-iterations=100 --total-batch-size=2097152 --warmdown-ratio=1.0
