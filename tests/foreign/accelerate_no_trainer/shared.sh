accelerate launch --num_processes 2 run_shared_no_trainer.py --num_train_epochs 3
