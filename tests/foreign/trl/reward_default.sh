trl reward --model_name_or_path m --dataset_name d --output_dir o --num_train_epochs 1
