mpirun -np 2 python train.py --output_dir o --do_train --per_device_train_batch_size 4 --num_train_epochs 2 --learning_rate 1e-4 --lr_scheduler_type cosine
