"""Who starts a program, and in how many processes."""

from __future__ import annotations

import pytest

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.command import read_command
from lrviz.inputs.foreign.unknown import Unknown


def launch(line):
    """The world, and its words in one text; the names of an unknown one, and what is said of it."""
    source = read_command(line, "run.sh")
    world = source.launch.world
    size = (world.names, world.why) if isinstance(world, Unknown) else world and world.value
    return size, " ".join([*source.words, *source.data])


ALONE = "train.py x lr"
"""The script, a word of its own and the name of an option."""


@pytest.mark.parametrize(
    ("before", "world"),
    [
        pytest.param("python", None, id="python"),
        pytest.param("python3.11 -u -X dev -W ignore", None, id="python with options"),
        pytest.param("/usr/bin/env python3", None, id="env"),
        pytest.param("A=1 B='c d' python", None, id="variables"),
        pytest.param("env -u A B=1 python", None, id="env with variables"),
        pytest.param("nohup time -p nice -n 10 python", None, id="wrappers"),
        pytest.param("timeout -k 5 3h python", None, id="timeout"),
        pytest.param("sudo -E -u me python", None, id="sudo"),
        pytest.param("stdbuf -oL python", None, id="stdbuf"),
        pytest.param("taskset -c 0-3 numactl --membind=0 python", None, id="taskset numactl"),
        pytest.param("uv run --no-sync --with torch python", None, id="uv run"),
        pytest.param("uv run", None, id="uv run a script"),
        pytest.param("poetry run python", None, id="poetry run"),
        pytest.param("conda run --no-capture-output -n env python", None, id="conda run"),
        pytest.param("ray job submit --address=http://h:1 --working-dir . -- python", None, id="ray job"),
        pytest.param("python mason.py --cluster a b --gpus 8 -- python", None, id="mason"),
        pytest.param("python mason.py --env A=1 B=2 -- torchrun --nproc_per_node 4", 4, id="of mason"),
        pytest.param("docker run --rm --gpus all -v a:b image python", None, id="docker run"),
        pytest.param("WORLD_SIZE=8 python", 8, id="WORLD_SIZE"),
        pytest.param("export WORLD_SIZE=8\npython", 8, id="WORLD_SIZE exported"),
        pytest.param("torchrun", 1, id="torchrun alone"),
        pytest.param("torchrun --standalone --nproc_per_node 4", 4, id="torchrun"),
        pytest.param("/opt/bin/torchrun --nproc-per-node=4 --nnodes 2", 8, id="dashes"),
        pytest.param("torchrun --nproc_per_node 4 --nnodes 2:2", 8, id="torchrun with no room to grow"),
        pytest.param("torchrun --nnodes=1:4", ((), "--nnodes 1:4"), id="torchrun elastic"),
        pytest.param("torchrun --nproc_per_node gpu", ((), "--nproc_per_node gpu"), id="all GPUs"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,2 torchrun --nproc_per_node auto", 2, id="all visible GPUs"),
        pytest.param("torchrun --nproc_per_node=$GPUS", (("GPUS",), "--nproc_per_node $GPUS"), id="unknown"),
        pytest.param(
            "torchrun --nproc_per_node=$GPUS --nnodes $NODES",
            (("GPUS", "NODES"), "--nproc_per_node $GPUS, --nnodes $NODES"),
            id="two unknown",
        ),
        pytest.param("export PET_NPROC_PER_NODE=2 PET_NNODES=3\ntorchrun", 6, id="torchrun's variables"),
        pytest.param("PET_NNODES=3 torchrun --nnodes 2", 2, id="an option over a variable"),
        pytest.param("torchrun -r 3 -t 3 --rdzv_id=1 --rdzv_endpoint h:1 --nnodes 2", 2, id="rendezvous"),
        pytest.param("python -u -m torch.distributed.run --nproc_per_node 2", 2, id="torch.distributed.run"),
        pytest.param("python -m torch.distributed.launch --use_env --nproc_per_node=2", 2, id="launch"),
        pytest.param("accelerate launch --num_processes 8 --num_machines 2", 8, id="accelerate of nodes"),
        pytest.param(
            "accelerate launch --multi_gpu --mixed_precision bf16 --num-processes=4", 4, id="accelerate"
        ),
        pytest.param(
            "accelerate launch", ((), "accelerate launch without --num_processes"), id="accelerate alone"
        ),
        pytest.param("python -m accelerate.commands.launch --num_processes 2", 2, id="module"),
        pytest.param("deepspeed --num_gpus=4", 4, id="deepspeed"),
        pytest.param("deepspeed --num_gpus 8 --num_nodes 2 --hostfile h", 16, id="deepspeed of nodes"),
        pytest.param("deepspeed --include localhost:0,1", 2, id="deepspeed --include"),
        pytest.param("deepspeed --include=a:0,1@b:2 --master_port 1", 3, id="deepspeed of hosts"),
        pytest.param("deepspeed --include a@b:2", ((), "--include a@b:2"), id="a whole host"),
        pytest.param("deepspeed", ((), "deepspeed without --num_gpus"), id="deepspeed alone"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1,2 deepspeed", 3, id="deepspeed, visible GPUs"),
        pytest.param("deepspeed -H h --num_gpus 8", ((), "the slots of deepspeed -H h"), id="hosts"),
        pytest.param("accelerate launch --cpu --num_processes 4", 1, id="accelerate on the CPU"),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0,1 accelerate launch --multi_gpu", 2, id="accelerate, visible GPUs"
        ),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0 accelerate launch --num_processes 4", 1, id="accelerate, one GPU"
        ),
        pytest.param("accelerate launch --num_processes 8 --num_machines 3", 6, id="as many on each machine"),
        pytest.param("accelerate launch --use_fsdp --num_processes 4", 4, id="accelerate with FSDP"),
        pytest.param("accelerate launch --use_deepspeed --zero_stage 2 --num_processes 4", 4, id="ZeRO"),
        pytest.param("srun python", ((), "srun without --ntasks"), id="srun alone"),
        pytest.param("srun -N 4 --gres gpu:1 python", 4, id="srun, a task on each node"),
        pytest.param("srun --nodes=$NODES python", (("NODES",), "--nodes $NODES"), id="srun, nodes unknown"),
        pytest.param("N=5 H=x srun -n 2 python", 2, id="a variable called like a short option"),
        pytest.param("H=x CUDA_VISIBLE_DEVICES=0,1 deepspeed", 2, id="no hostfile"),
        pytest.param("export WORLD_SIZE=8\nsrun python", 8, id="srun and WORLD_SIZE"),
        pytest.param("srun singularity exec --nv i.sif python", ((), "srun without --ntasks"), id="in a box"),
        pytest.param("nsys profile -o p torchrun --nproc_per_node 4", 4, id="nsys"),
        pytest.param("xvfb-run -a accelerate launch --num_processes 4", 4, id="xvfb-run"),
        pytest.param("ssh host torchrun --nproc_per_node 4", 4, id="ssh"),
        pytest.param("strace -f python -u", None, id="strace"),
        pytest.param("kubectl exec pod -- srun -n 4 python", 4, id="kubectl"),
        pytest.param("./launch.sh a b nohup torchrun --nproc_per_node=4", 4, id="a script of launchers"),
        pytest.param("srun -N 2 --ntasks-per-node=4 --gres gpu:4 -p gpu python", 8, id="srun of nodes"),
        pytest.param("srun -n8 -l --exclusive python", 8, id="srun"),
        pytest.param("srun --nodes=2 torchrun --nproc_per_node 8 --nnodes 2", 16, id="the inner one decides"),
        pytest.param("srun -n 2 --jobid $ID bash -e", 2, id="srun bash"),
        pytest.param("mpirun --allow-run-as-root -np 4 -x PATH -mca btl self python", 4, id="mpirun"),
        pytest.param("mpiexec -n 4 python", 4, id="mpiexec"),
        pytest.param("horovodrun -np 4 -H a:4 python", 4, id="horovodrun"),
        pytest.param("mpirun python", ((), "mpirun without -np"), id="mpirun alone"),
        pytest.param("$PYTHON -m", (("PYTHON",), "$PYTHON, which may start several"), id="an unknown module"),
        pytest.param("mpirun -H a:4,b:4 python", 8, id="mpirun by the slots of its hosts"),
        pytest.param("mpirun --host a,b python", 2, id="mpirun by its hosts"),
        pytest.param("mpirun -H a:4,b:4 -np 2 python", 2, id="mpirun, fewer than slots"),
        pytest.param("mpirun -H $H python", ((), "mpirun without -np"), id="mpirun by unknown hosts"),
        pytest.param("SLURM_NTASKS=8 mpirun python", 8, id="mpirun in a job"),
        pytest.param("jsrun -n 4 -a 2 -c 7 -g 1 python", 8, id="jsrun of resource sets"),
        pytest.param("jsrun --np 6 python", 6, id="jsrun"),
        pytest.param("flux run -N 2 --tasks-per-node=4 python", 8, id="flux of nodes"),
        pytest.param("flux run -n4 python", 4, id="flux"),
        pytest.param("flux run python", 1, id="flux alone"),
        pytest.param("aprun -n 16 -N 8 python", 16, id="aprun"),
        pytest.param("ibrun python", ((), "ibrun without -n"), id="ibrun alone"),
        pytest.param("prun -n 4 python", 4, id="prun"),
        pytest.param("pbsdsh python", ((), "pbsdsh without -c"), id="pbsdsh"),
        pytest.param("sky launch -y -c x --num-nodes 2 -- python", 2, id="sky launch"),
        pytest.param("lightning run model --devices 4", 4, id="lightning run model"),
        pytest.param("mine -n 4 python", ((), "mine, which may start several"), id="not known"),
        pytest.param("srun -n 4 ./bind.sh python", 4, id="not known, in srun"),
        pytest.param("$RUN -n 4 python", (("RUN",), "$RUN, which may start several"), id="a variable"),
        pytest.param("$RUN", (("RUN",), "$RUN, which may start several"), id="a variable before the script"),
        pytest.param("$(which torchrun) --nproc_per_node 2", 2, id="which"),
        pytest.param("python -u `which deepspeed` --num_gpus 2", 2, id="which in backticks"),
        pytest.param("coverage run --branch", None, id="coverage"),
        pytest.param("kernprof -l", None, id="kernprof"),
        pytest.param("python -m cProfile -o x", None, id="cProfile"),
        pytest.param("python -m debugpy --listen 5678 --wait-for-client", None, id="debugpy"),
        pytest.param("ncu --set full -k x python", None, id="a profiler"),
        pytest.param("composer -n 8", 8, id="composer"),
        pytest.param("composer --nproc 4 --world_size 8 --node_rank 0", 8, id="composer of nodes"),
        pytest.param("colossalai run --nproc_per_node 4", 4, id="colossalai"),
        pytest.param("fabric run --devices=4 --num-nodes 2", 8, id="fabric run"),
    ],
)
def test_what_stands_before_a_script(before, world):
    """Every option of a launcher is told from the script and its words."""
    size, words = launch(f"{before} train.py x --lr 1")
    assert (size, words) == (world, ALONE)


@pytest.mark.parametrize(
    ("line", "world", "words"),
    [
        pytest.param("python -m a.b x --lr 1", None, "a.b x lr", id="python -m"),
        pytest.param("torchrun --nproc_per_node 2 -m a.b -- --lr 1", 2, "a.b lr", id="torchrun -m"),
        pytest.param("torchrun --module a.b --lr 1", 1, "a.b lr", id="torchrun --module"),
        pytest.param(
            "deepspeed --module a.b --lr 1", ((), "deepspeed without --num_gpus"), "a.b lr", id="module"
        ),
        pytest.param("accelerate launch --num_processes 2 -m a.b --lr 1", 2, "a.b lr", id="accelerate -m"),
        pytest.param('bash -c "torchrun --nproc_per_node 2 a.py --lr 1"', 2, "a.py lr", id="bash -c"),
        pytest.param("sh -lc 'cd x && python a.py --lr 1 | tee log'", None, "a.py lr", id="a login shell"),
        pytest.param("bash -euo pipefail -c 'python a.py --lr 1'", None, "a.py lr", id="bash -o -c"),
        pytest.param("srun -n 4 bash -c 'python a.py --lr 1'", 4, "a.py lr", id="srun bash -c"),
        pytest.param(
            "srun bash -c 'torchrun --nproc_per_node 2 a.py --lr 1'", 2, "a.py lr", id="a launcher in quotes"
        ),
        pytest.param(
            "N=2 bash -c 'torchrun --nproc_per_node $N a.py --lr 1'", 2, "a.py lr", id="its variables"
        ),
        pytest.param("docker run i bash -c 'python a.py --lr 1'", None, "a.py lr", id="in a container"),
        pytest.param("sbatch -N 4 --wrap='python a.py --lr 1'", None, "a.py lr", id="sbatch --wrap"),
        pytest.param("ssh host 'cd x; torchrun --nproc_per_node 2 a.py --lr 1'", 2, "a.py lr", id="ssh"),
        pytest.param(
            "bash <<E\ntorchrun --nproc_per_node 2 a.py --lr 1\nE", 2, "a.py lr", id="handed to a shell"
        ),
        pytest.param(
            "N=2\nsbatch <<E\n#SBATCH -N 3\n"
            "torchrun --nnodes \\$SLURM_NNODES --nproc_per_node $N a.py --lr 1\nE",
            6,
            "a.py lr",
            id="handed to sbatch",
        ),
        pytest.param(
            "cat > r.sh <<'E'\npython a.py --lr $1\nE\nsrun -n 2 bash r.sh 1",
            2,
            "a.py lr",
            id="a script written",
        ),
        pytest.param("CMD='python a.py --lr 1'\neval $CMD", None, "a.py lr", id="eval"),
        pytest.param("tmux new -d 'python a.py --lr 1'", None, "a.py lr", id="tmux"),
        pytest.param("echo 'python b.py --lr 1'\npython a.py --lr 1", None, "a.py lr", id="what is printed"),
        pytest.param("fit --strategy deepspeed --lr 1 --x a.py", None, "fit strategy lr x", id="no launcher"),
        pytest.param("my x.py torchrun a.py --lr 1", None, "my x.py torchrun a.py lr", id="behind a script"),
        pytest.param("my torchrun --nnodes 2 -m a.b --lr 1", 2, "a.b lr", id="a wrapped module"),
        pytest.param("yolo train lr0=1", None, "yolo train lr0", id="yolo"),
        pytest.param("./a/run.sh --lr 1", None, "./a/run.sh lr", id="a script"),
        pytest.param("!torchrun a.py --lr 1", 1, "a.py lr", id="out of a notebook"),
        pytest.param("swift sft --lr 1", 1, "swift sft lr", id="swift alone"),
        pytest.param("NPROC_PER_NODE=4 swift sft --lr 1", 4, "swift sft lr", id="swift"),
        pytest.param("NNODES=2 NPROC_PER_NODE=4 swift pt --lr 1", 8, "swift pt lr", id="swift of nodes"),
        pytest.param(
            "NPROC_PER_NODE=2 llamafactory-cli train a lr=1", 2, "llamafactory-cli train a lr", id="lf"
        ),
        pytest.param(
            "llamafactory-cli train a lr=1",
            ((), "llamafactory-cli without NPROC_PER_NODE"),
            "llamafactory-cli train a lr",
            id="llamafactory alone",
        ),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train a lr=1",
            2,
            "llamafactory-cli train a lr",
            id="llamafactory, visible GPUs",
        ),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0 NNODES=2 NPROC_PER_NODE=4 llamafactory-cli train a lr=1",
            1,
            "llamafactory-cli train a lr",
            id="llamafactory, one GPU: no torchrun, whose variables it does not read",
        ),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0 FORCE_TORCHRUN=1 NNODES=2 llamafactory-cli train a lr=1",
            2,
            "llamafactory-cli train a lr",
            id="llamafactory, one GPU of each node by torchrun",
        ),
        pytest.param(
            "RDZV_ID=x MIN_NNODES=1 MAX_NNODES=3 NPROC_PER_NODE=4 lmf train a lr=1",
            ((), "lmf of 1 to 3 nodes"),
            "lmf train a lr",
            id="llamafactory of more or fewer nodes",
        ),
        pytest.param(
            "RDZV_ID=x MIN_NNODES=2 MAX_NNODES=2 NPROC_PER_NODE=4 lmf train a lr=1",
            8,
            "lmf train a lr",
            id="llamafactory with no room to grow",
        ),
        pytest.param(
            "USE_RAY=1 CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train a lr=1",
            ((), "llamafactory-cli with USE_RAY"),
            "llamafactory-cli train a lr",
            id="llamafactory by ray",
        ),
        pytest.param("trl sft --lr 1 --num_processes 4", 4, "trl sft lr", id="trl"),
        pytest.param("trl sft --lr 1 --accelerate_config zero3", 8, "trl sft lr", id="trl with its config"),
        pytest.param("trl sft --accelerate_config=single_gpu --lr 1", 1, "trl sft lr", id="trl on one GPU"),
        pytest.param(
            "trl sft --accelerate_config zero2 --num_processes 2 --lr 1", 2, "trl sft lr", id="trl with both"
        ),
        pytest.param("trl dpo --lr 1", ((), "trl without --num_processes"), "trl dpo lr", id="trl alone"),
        pytest.param(
            "axolotl train a.yml --launcher torchrun -- --nproc_per_node=4 --nnodes 2",
            8,
            "axolotl train a.yml",
            id="axolotl by torchrun",
        ),
        pytest.param("axolotl train a.yml --launcher python", 1, "axolotl train a.yml", id="axolotl by none"),
        pytest.param("axolotl train a.yml --launcher torchrun", 1, "axolotl train a.yml", id="and torchrun"),
        pytest.param(
            "axolotl train a.yml --launcher accelerate",
            ((), "axolotl without --num_processes"),
            "axolotl train a.yml",
            id="axolotl by accelerate",
        ),
        pytest.param(
            "axolotl train a.yml --num-processes 2 --lr 1", 2, "axolotl train a.yml lr", id="axolotl"
        ),
        pytest.param(
            "tune run --nproc_per_node 2 r --config a lr=1", 2, "tune run r config lr", id="tune run"
        ),
    ],
)
def test_what_is_launched(line, world, words):
    assert launch(line) == (world, words)


@pytest.mark.parametrize(
    ("asked", "line", "world"),
    [
        pytest.param("--nodes=4\n#SBATCH --ntasks-per-node=4", "srun", 16, id="nodes of tasks"),
        pytest.param("-N 2\n#SBATCH --ntasks-per-node 8 # all", "srun", 16, id="short, with a comment"),
        pytest.param("-J x -n 16 --exclusive", "srun --cpu-bind=none", 16, id="tasks"),
        pytest.param("--ntasks=16", "srun --ntasks 2", 2, id="an option of srun wins"),
        pytest.param("--nodes=4", "srun", 4, id="nodes alone"),
        pytest.param("--gres=gpu:4", "srun", ((), "srun without --ntasks"), id="nothing of tasks"),
        pytest.param("--nodes=2 --ntasks-per-node=4", "srun -N 1", 4, id="nodes of srun's own"),
        pytest.param("--nodes=2 --ntasks-per-node=4", "srun --ntasks-per-node=1", 8, id="what it ignores"),
        pytest.param("--nodes=2 --ntasks=16", "srun -N 1", 16, id="the tasks of the job stay"),
        pytest.param(
            "--nodes=2 --ntasks-per-node=4", "WORLD_SIZE=$SLURM_NTASKS", 8, id="tasks as a variable"
        ),
        pytest.param(
            "--nodes=2 --ntasks-per-node=4", "mpirun -np $((SLURM_NTASKS / 2))", 4, id="tasks in a sum"
        ),
        pytest.param(
            "-N 2 --gres=tmp:1,gpu:h100-80gb:8", "torchrun --nproc_per_node $SLURM_GPUS_ON_NODE", 8, id="gres"
        ),
        pytest.param(
            "-N 2 --gpus-per-node=4", "torchrun --nproc_per_node $SLURM_GPUS_PER_NODE", 4, id="GPUs per node"
        ),
        pytest.param("--ntasks=16", "srun singularity exec --nv i.sif", 16, id="in a container"),
        pytest.param("--ntasks=16", "", None, id="no srun"),
        pytest.param("--nodes=4", "srun torchrun --nproc_per_node 2 --nnodes 4", 8, id="torchrun inside"),
        pytest.param(
            "--nodes=2 --gres=gpu:a100:4",
            "srun torchrun --nproc_per_node $SLURM_GPUS_ON_NODE --nnodes $SLURM_JOB_NUM_NODES",
            8,
            id="variables of the job",
        ),
        pytest.param("-N 2 --ntasks-per-gpu=1 --gpus-per-node=8", "srun", 16, id="a task of each GPU"),
        pytest.param("--ntasks-per-gpu=2 -G a100:4", "srun", 8, id="of all GPUs"),
        pytest.param("-N 2 --ntasks-per-gpu=1 --gres=gpu:v:4", "mpirun", 8, id="of GPUs, by mpirun"),
        pytest.param("-n 9 --ntasks-per-gpu=1", "srun", 9, id="GPUs of tasks"),
        pytest.param("--gpus=8 --gpus-per-task=2", "srun", 4, id="shares of GPUs"),
        pytest.param("-N 2 --gres=gpu:4", "srun --ntasks-per-gpu=1", 8, id="of each GPU, srun's own"),
        pytest.param("-N 2 --gres=gpu:4", "srun -N 1 -G 2 --ntasks-per-gpu=3", 6, id="of srun's own GPUs"),
        pytest.param(
            "-N 2",
            "srun --ntasks-per-gpu=1",
            ((), "srun --ntasks-per-gpu 1, without the number of its GPUs"),
            id="GPUs unknown",
        ),
        pytest.param("--nodelist=n[1-2] --ntasks-per-node=4", "srun", 8, id="of nodes that are listed"),
        pytest.param("-w a1,a[1-3,05] --ntasks-per-node=2", "srun", 8, id="one of them twice"),
        pytest.param("-N 4 -w n1 --ntasks-per-node=2", "srun", 8, id="of more nodes than are listed"),
        pytest.param("-n 6 -w n[1-2] -B 2:4:1", "srun", 6, id="tasks beside a list"),
        pytest.param(
            "-w ./hosts --ntasks-per-node=2", "srun", ((), "srun without --ntasks"), id="a file of nodes"
        ),
        pytest.param("-p gpu\necho\n#SBATCH -n 8", "srun", ((), "srun without --ntasks"), id="too late"),
    ],
)
def test_a_job_says_how_many_tasks_srun_starts(asked, line, world):
    """Slurm sets variables of what ``#SBATCH`` lines ask for, and srun reads them."""
    script = f"#!/bin/bash\n#SBATCH {asked}\n\nmodule load x\nsrun hostname\n{line} python train.py x --lr 1"
    assert launch(script) == (world, ALONE)


@pytest.mark.parametrize(
    ("line", "config", "world"),
    [
        pytest.param("accelerate launch --config_file a.yaml t.py --lr 1", "a.yaml", None, id="accelerate"),
        pytest.param("accelerate launch --config-file=a.yaml t.py --lr 1", "a.yaml", None, id="dashes"),
        pytest.param(
            "accelerate launch --config_file a.yaml --num_processes 2 t.py --lr 1", "a.yaml", 2, id="both"
        ),
        pytest.param(
            "srun -n8 accelerate launch --config_file a.yaml t.py --lr 1", "a.yaml", None, id="srun"
        ),
        pytest.param("trl sft --accelerate_config a.yaml --lr 1", "a.yaml", None, id="trl"),
    ],
)
def test_the_file_of_a_launcher_is_named(line, config, world):
    found = read_command(line, "run.sh").launch
    assert (found.config, found.world and found.world.value) == (config, world)


def test_a_command_in_quotes_that_holds_itself_ends():
    text = 'export A=\'eval "$A"; python a.py --lr 1\'\neval "$A"'
    with pytest.raises(ConfigError, match="commands may train"):
        read_command(text, "run.sh")


def test_who_says_how_many_processes():
    text = "N=2\ntorchrun \\\n --nproc_per_node 8 \\\n --nnodes $N train.py --lr 1"
    assert str(read_command(text, "run.sh").launch.world.origin) == (
        "run.sh:3 torchrun --nproc_per_node 8 --nnodes 2"
    )
    assert str(read_command("torchrun a.py --lr 1", "x").launch.world.origin) == "default of torchrun"


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("export A=1\nB=2 env C=3", id="of the shell"),
        pytest.param("mpirun -x A=1 -np 4 -x B=2 -x PATH -x C=3", id="mpirun"),
        pytest.param("mpiexec -n 4 -genv A 1 -env B 2 -env C 3", id="mpiexec"),
        pytest.param("srun -n 4 --export=ALL,A=1,B=2,C=3", id="srun"),
        pytest.param("docker run -e A=1 --env B=2 --env=C=3 image", id="docker"),
        pytest.param("apptainer exec --env A=1,B=2 --env C=3 i.sif", id="apptainer"),
    ],
)
def test_variables_of_the_program(before):
    found = read_command(f"{before} python t.py --lr 1", "run.sh").launch.env
    assert {name: given.value for name, given in found.items()} == {"A": "1", "B": "2", "C": "3"}


def test_where_a_variable_is_set():
    found = read_command("export A=1\nB=2 python t.py --lr 1", "run.sh").launch.env
    assert str(found["B"].origin) == "run.sh:2 B"
