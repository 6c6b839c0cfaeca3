accelerate launch --num_processes 2 run_semantic_segmentation_no_trainer.py --max_train_steps 100 --num_warmup_steps 10
