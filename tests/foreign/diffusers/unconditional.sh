accelerate launch --num_processes=2 train_unconditional.py --dataset_name=flowers --num_epochs=10 --gradient_accumulation_steps=2
