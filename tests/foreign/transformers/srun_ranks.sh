#SBATCH --nodes=2
#SBATCH --ntasks-per-node=8
srun bash -c 'export RANK=$SLURM_PROCID LOCAL_RANK=$SLURM_LOCALID WORLD_SIZE=$SLURM_NTASKS
python train.py --output_dir o --do_train --per_device_train_batch_size 4 --gradient_accumulation_steps 3 --num_train_epochs 2 --learning_rate 1e-4 --warmup_steps 0.1'
