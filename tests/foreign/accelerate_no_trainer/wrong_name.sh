python run_ner_no_trainer.py --lr_scheduler_type inverse_sqrt --max_train_steps 10
