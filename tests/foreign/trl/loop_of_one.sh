for LR in 1e-5; do
trl sft --learning_rate $LR --max_steps 100 --dataset_name x
done
