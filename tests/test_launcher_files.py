"""The files of launchers: how many processes they start, and what else they say."""

from __future__ import annotations

import pytest
from commands import run
from configs import write


@pytest.mark.parametrize(
    ("config", "line", "total"),
    [
        pytest.param("distributed_type: MULTI_GPU\nnum_processes: 8", "", 100, id="a number"),
        pytest.param("distributed_type: MULTI_GPU\nnum_processes: '8'", "", 100, id="a number in quotes"),
        pytest.param("distributed_type: 'NO'\nnum_processes: 8", "", 800, id="NO in quotes"),
        pytest.param("distributed_type: NO\nnum_processes: 8", "", 800, id="NO"),
        pytest.param("distributed_type: FSDP\nnum_processes: 8", "--num_processes 2", 400, id="an option"),
        pytest.param("distributed_type: 'NO'", "--num_processes 4", 800, id="NO, and an option"),
        pytest.param(
            "distributed_type: 'NO'", "--multi_gpu --num_processes 4", 200, id="NO, and --multi_gpu"
        ),
        pytest.param("distributed_type: MULTI_CPU\nnum_processes: 4", "", 800, id="CPUs without MPI"),
        pytest.param("distributed_type: MULTI_GPU\nnum_processes: 8", "--cpu", 800, id="--cpu"),
        pytest.param("distributed_type: FSDP\nnum_processes: 8", "--num_machines 3", 134, id="on 3 machines"),
    ],
)
def test_the_file_of_accelerate_says_how_many_processes_run(tmp_path, config, line, total):
    write(tmp_path / "acc.yaml", config)
    options = "--num_train_epochs 1 --per_device_train_batch_size 1 --learning_rate 1 --output_dir o"
    write(tmp_path / "run.sh", f"accelerate launch --config_file acc.yaml {line} sft.py {options}")
    done = run(tmp_path, "plan", "run.sh", "--dataset-len", "800", "--get", "total")
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr


HOSTS = "# two hosts\n\nw0 slots=4\nw1 slots=2 # the small one\n"


@pytest.mark.parametrize(
    ("hosts", "options", "world"),
    [
        pytest.param(HOSTS, "--hostfile hosts", 6, id="all slots"),
        pytest.param(HOSTS, "-H hosts --master_port 1", 6, id="short"),
        pytest.param(HOSTS, "--hostfile=hosts --num_nodes 1", 4, id="the first host"),
        pytest.param(HOSTS, "--hostfile hosts --num_nodes 3", 6, id="more nodes than hosts"),
        pytest.param(HOSTS, "--hostfile hosts --num_gpus 3", 6, id="as many on each"),
        pytest.param(HOSTS, "--hostfile hosts --num_gpus 3 --num_nodes 1", 3, id="on the first"),
        pytest.param(HOSTS, "--hostfile hosts --include w0:0,1@w1:0,0", 3, id="included"),
        pytest.param(HOSTS, "--hostfile hosts --exclude w0:0@w1", 3, id="excluded"),
        pytest.param(HOSTS, "--hostfile hosts -e w1@w1:1", 5, id="a host and one of its slots"),
        pytest.param(HOSTS, "--hostfile hosts --include w1", "--include w1", id="a whole host"),
        pytest.param(HOSTS, "--hostfile hosts --include w9:0", "stops", id="no such host"),
        pytest.param(HOSTS, "--hostfile hosts --exclude w1:2", "stops", id="no such slot"),
        pytest.param(HOSTS, "--hostfile hosts --exclude w1 --num_gpus 2", "stops", id="both"),
        pytest.param(HOSTS, "--hostfile hosts --num_nodes $N", "--num_nodes $N", id="unknown"),
        pytest.param("w0 slots=4\nw0 slots=2\n", "--hostfile hosts", "stops", id="a host twice"),
        pytest.param("w0\n", "--hostfile hosts", "stops", id="no slots"),
        pytest.param("", "--hostfile hosts", "the slots of deepspeed --hostfile hosts", id="no file"),
    ],
)
def test_the_file_of_deepspeed_says_how_many_processes_its_hosts_run(tmp_path, hosts, options, world):
    if hosts:
        write(tmp_path / "hosts", hosts)
    line = "--num_train_epochs 10 --learning_rate 1 --per_device_train_batch_size 1 --output_dir o"
    write(tmp_path / "run.sh", f"deepspeed {options} sft.py {line}")
    done = run(tmp_path, "plan", "run.sh", "--dataset-len", "1200", "--get", "total")
    if isinstance(world, int):
        assert (done.stdout, done.returncode) == (f"{12000 // world}\n", 0), done.stderr
    else:
        assert (world in done.stderr, done.returncode) == (True, 2), done.stderr


@pytest.mark.parametrize(
    ("config", "line", "said"),
    [
        pytest.param("", "--use_deepspeed --gradient_accumulation_steps 4", "stops", id="an option"),
        pytest.param("", "--gradient_accumulation_steps 4", "", id="an option without DeepSpeed"),
        pytest.param("deepspeed_config: {gradient_accumulation_steps: 4}", "", "stops", id="its file"),
        pytest.param("deepspeed_config: {zero_stage: 3}", "", "", id="no accumulation"),
        pytest.param("", "--use_deepspeed --deepspeed_config_file ds.json", "stops", id="DeepSpeed's file"),
        pytest.param("", "--deepspeed_config_file ds.json", "", id="a file that is not used"),
    ],
)
def test_what_the_launcher_says_of_deepspeed_reaches_the_trainer(tmp_path, config, line, said):
    write(tmp_path / "acc.yaml", f"distributed_type: DEEPSPEED\nnum_processes: 2\n{config}")
    write(tmp_path / "ds.json", '{"zero_optimization": {"stage": 2}, "gradient_accumulation_steps": 4}')
    file = "--config_file acc.yaml" if config else "--num_processes 2"
    options = "--max_steps 10 --gradient_accumulation_steps 2 --learning_rate 1 --output_dir o"
    write(tmp_path / "run.sh", f"accelerate launch {file} {line} sft.py {options}")
    done = run(tmp_path, "plan", "run.sh", "--get", "total")
    assert (done.returncode, "gradient_accumulation_steps" in done.stderr) == (2 * bool(said), bool(said))


@pytest.mark.parametrize(
    ("env", "words", "total"),
    [
        pytest.param("NPROC_PER_NODE: 4", "swift.yaml", 200, id="the file"),
        pytest.param("NPROC_PER_NODE: 4\n  NNODES: 2", "-- swift sft swift.yaml", 100, id="its command"),
        pytest.param(
            "NPROC_PER_NODE: 4", "-- NPROC_PER_NODE=2 swift sft swift.yaml", 400, id="the shell wins"
        ),
        pytest.param("OMP_NUM_THREADS: 4", "-- swift sft swift.yaml", 800, id="nothing of processes"),
    ],
)
def test_the_environment_in_a_config_says_how_many_processes_run(tmp_path, env, words, total):
    settings = "per_device_train_batch_size: 1\ngradient_accumulation_steps: 1\nnum_train_epochs: 1"
    write(tmp_path / "swift.yaml", f"tuner_type: lora\nmodel: m\ndataset: d\n{settings}\nENV:\n  {env}\n")
    done = run(tmp_path, "plan", "--given", "train_rows=800", "--get", "total", *words.split())
    assert (done.stdout, done.returncode) == (f"{total}\n", 0), done.stderr
