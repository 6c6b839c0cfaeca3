axolotl train rex.yaml --learning-rate 1e-3 --lr-scheduler linear --warmup-steps 20 --num-processes 2
