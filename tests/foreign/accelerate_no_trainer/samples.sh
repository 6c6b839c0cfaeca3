accelerate launch --num_processes 2 run_mim_no_trainer.py --max_train_samples 800 --num_train_epochs 1
