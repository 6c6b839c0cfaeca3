python train.py --config poly.yaml --data-dir /data --epochs 20
