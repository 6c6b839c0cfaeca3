python parsed.py --output_dir out --num_train_epochs 2 --learning_rate 5e-5 --pair_file pairs.tsv
