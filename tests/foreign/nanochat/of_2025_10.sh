python -m scripts.base_train --depth=12 --num_iterations=2000 --matrix_lr=0.03
