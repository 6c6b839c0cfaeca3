trl sft --config packed.yaml --learning_rate 1e-4 --num_train_epochs=1
