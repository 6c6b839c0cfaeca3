python train.py linear_epochs.yaml --number_of_epochs=2 --lr=0.5
