python -m scripts.base_train --run x
