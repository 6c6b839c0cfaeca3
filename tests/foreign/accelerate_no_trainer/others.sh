accelerate launch --num_processes 2 run_others_no_trainer.py --num_train_epochs 3
