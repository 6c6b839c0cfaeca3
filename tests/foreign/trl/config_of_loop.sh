for lr in 1e-5 2e-5; do
cat > "cfg_$lr.yaml" <<EOF
learning_rate: $lr
max_steps: 100
EOF
trl sft --config "cfg_$lr.yaml" --dataset_name x
done
