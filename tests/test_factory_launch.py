"""LLaMA-Factory stops at several GPUs, and at DeepSpeed, of a process that torchrun did not start."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

TEXT = "stage: sft\nfinetuning_type: lora\ndo_train: true\nmax_steps: 9\n"


@pytest.mark.parametrize(
    ("line", "more", "said"),
    [
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 python src/train.py", "", "2 visible GPUs", id="GPUs"),
        pytest.param("CUDA_VISIBLE_DEVICES=0 python src/train.py", "", "", id="a GPU"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 python src/train.py", "use_cpu: true", "", id="no GPU"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 llamafactory-cli train", "", "", id="its own launcher"),
        pytest.param("python src/train.py", "deepspeed: ds.json", "DeepSpeed", id="DeepSpeed"),
        pytest.param("torchrun src/train.py", "deepspeed: ds.json", "", id="DeepSpeed by torchrun"),
        pytest.param(
            "deepspeed --hostfile hosts.txt src/train.py", "deepspeed: ds.json", "", id="DeepSpeed on hosts"
        ),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0 lmf train", "deepspeed: ds.json", "DeepSpeed", id="DeepSpeed of a GPU"
        ),
        pytest.param(
            "FORCE_TORCHRUN=1 CUDA_VISIBLE_DEVICES=0 lmf train", "deepspeed: ds.json", "", id="by force"
        ),
    ],
)
def test_a_process_without_torchrun(tmp_path, line, more, said):
    write(tmp_path / "ds.json", "{}")
    write(tmp_path / "hosts.txt", "one slots=8\ntwo slots=8\n")
    write(tmp_path / "a.yaml", TEXT + more)
    done = run(tmp_path, "plan", "--args", f"{line} a.yaml")
    assert done.returncode == (2 if said else 0), done.stderr
    assert (f"{said} without torchrun: it stops" in done.stderr) == bool(said)
    assert run(tmp_path, "plan", "--args", f"{line} a.yaml", "--world-size", "2").returncode == 0


@pytest.mark.parametrize(
    ("options", "is_read"),
    [([], False), (["--trainer", "llamafactory@0.9.4"], True), (["--trainer", "llamafactory@0.9.6"], False)],
)
@pytest.mark.parametrize("program", ["llamafactory-cli train", "python src/train.py"])
def test_a_file_in_json_is_read_by_older_ones_alone(tmp_path, program, options, is_read):
    write(
        tmp_path / "a.json", '{"stage": "sft", "finetuning_type": "lora", "do_train": true, "max_steps": 9}'
    )
    done = run(tmp_path, "plan", "--world-size", "1", *options, "--args", f"{program} a.json")
    assert (done.returncode == 0, "a.json: llamafactory 0.9.5 stops" in done.stderr) == (is_read, not is_read)
    alone = run(tmp_path, "plan", "--world-size", "1", *options, "a.json")
    assert (alone.returncode, "stops at a file in JSON" in alone.stderr) == (0, not is_read)


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("learning_rate: 1e-4", False),
        ('learning_rate: "1e-4"', True),
        ("learning_rate: '0.1'", True),
        ('max_steps: "9"', True),
    ],
)
def test_a_number_in_quotes_stays_a_text_and_stops_it(tmp_path, text, stops):
    kept = [line for line in TEXT.splitlines() if line.partition(":")[0] != text.partition(":")[0]]
    write(tmp_path / "a.yaml", "\n".join([*kept, text]))
    done = run(tmp_path, "plan", "--world-size", "1", "a.yaml")
    assert ("is not what llamafactory 0.9.5 takes: it stops" in done.stderr) == stops, done.stderr


@pytest.mark.parametrize(
    ("line", "more", "world", "origin"),
    [
        pytest.param(
            "USE_RAY=1 llamafactory-cli train", "ray_num_workers: 4", 4, "ray_num_workers", id="workers"
        ),
        pytest.param(
            "USE_RAY=1 python src/train.py", "ray_num_workers: 4", 4, "ray_num_workers", id="a script"
        ),
        pytest.param("USE_RAY=1 lmf train", "", 1, "with USE_RAY", id="by default"),
        pytest.param("USE_RAY=1 CUDA_VISIBLE_DEVICES=0,1 lmf train", "", 1, "with USE_RAY", id="not by GPUs"),
        pytest.param("CUDA_VISIBLE_DEVICES=0,1 lmf train", "", 2, "CUDA_VISIBLE_DEVICES 0,1", id="GPUs"),
        pytest.param(
            "CUDA_VISIBLE_DEVICES=0,1 NNODES=2 lmf train",
            "",
            4,
            "CUDA_VISIBLE_DEVICES 0,1 NNODES 2",
            id="GPUs of nodes",
        ),
    ],
)
def test_who_says_how_many_processes_run(tmp_path, line, more, world, origin):
    write(tmp_path / "a.yaml", f"{TEXT.replace('max_steps: 9', 'num_train_epochs: 1')}{more}")
    done = run(tmp_path, "plan", "--dataset-len", "900", "--args", f"{line} a.yaml")
    row = next(row for row in done.stdout.splitlines() if row.startswith("world_size"))
    assert (row.split()[1], origin in row) == (str(world), True)


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ("val_size: 0.1", ", before val_size holds some of them out;"),
        ("", "data sets have;"),
        ("val_size: 0.1\npacking: true", "packing makes of the training set once val_size is held out;"),
        ("neat_packing: true", "packing makes of the training set;"),
    ],
)
def test_rows_are_asked_for_as_they_are_counted(tmp_path, more, asked):
    write(tmp_path / "a.yaml", f"{TEXT.replace('max_steps: 9', 'num_train_epochs: 1')}{more}")
    done = run(tmp_path, "plan", "--world-size", "1", "a.yaml")
    assert asked in done.stderr


@pytest.mark.parametrize(
    ("stage", "more", "total"),
    [
        pytest.param("sft", "", 90, id="rows"),
        pytest.param("sft", "packing: true", 100, id="rows that are packed"),
        pytest.param("pt", "", 100, id="packed by default"),
        pytest.param("pt", "packing: false", 90, id="not packed"),
        pytest.param("dpo", "packing: true", 90, id="pairs are never packed"),
    ],
)
def test_rows_are_held_out_before_they_are_packed(tmp_path, stage, more, total):
    text = TEXT.replace("max_steps: 9", "num_train_epochs: 1").replace("stage: sft", f"stage: {stage}")
    write(tmp_path / "a.yaml", f"{text}val_size: 0.1\nper_device_train_batch_size: 1\n{more}")
    length = ["--dataset-len", "100", "--world-size", "1"]
    assert run(tmp_path, "plan", "a.yaml", *length, "--get", "total").stdout == f"{total}\n"


@pytest.mark.parametrize(
    "key",
    ["sequence_parallel_size", "cp_size", "tp_size", "num_processes", "train_rows", "max_train_samples"],
)
def test_a_setting_that_is_only_given_is_no_key(tmp_path, key):
    write(tmp_path / "a.yaml", TEXT.replace("max_steps: 9", f"num_train_epochs: 1\n{key}: 2"))
    length = ["--dataset-len", "1000", "--world-size", "4"]
    stopped = run(tmp_path, "plan", "a.yaml", *length)
    assert (stopped.returncode, f"{key} is no setting of llamafactory" in stopped.stderr) == (2, True)
    assert f"--given {key}=2 where yours has it" in stopped.stderr
    assert run(tmp_path, "plan", "a.yaml", *length, "--given", f"{key}=2").returncode == 0


@pytest.mark.parametrize(
    ("more", "total"), [("", None), ("--given cp_size=2", "63"), ("--given cp_size=1", "32")]
)
def test_processes_that_share_rows_in_a_newer_version_are_asked_for(tmp_path, more, total):
    keys = "num_train_epochs: 1\nuse_hyper_parallel: true\nhyper_parallel_cp_size: 2"
    write(tmp_path / "a.yaml", TEXT.replace("max_steps: 9", keys))
    length = ["--dataset-len", "1000", "--world-size", "4", *more.split()]
    done = run(tmp_path, "plan", "a.yaml", *length, "--get", "total")
    assert (done.returncode, done.stdout) == ((0, f"{total}\n") if total else (2, "")), done.stderr


AXOLOTL = "base_model: m\nmicro_batch_size: 2\nnum_epochs: 1\nlearning_rate: 1e-4\n"


@pytest.mark.parametrize(
    ("line", "more", "world"),
    [
        pytest.param("axolotl train a.yaml", "use_ray: true\nray_num_workers: 4", "4", id="workers"),
        pytest.param("axolotl train a.yaml", "use_ray: true", "1", id="by default"),
        pytest.param("axolotl train a.yaml --use-ray --ray-num-workers 3", "", "3", id="options"),
        pytest.param(
            "axolotl train a.yaml --ray-num-workers 3", "use_ray: true", "3", id="an option over it"
        ),
        pytest.param("", "use_ray: true\nray_num_workers: 4", "4", id="a file alone"),
        pytest.param("axolotl train a.yaml --num-processes 2", "ray_num_workers: 4", "2", id="no ray"),
    ],
)
def test_ray_starts_the_processes_of_axolotl(tmp_path, line, more, world):
    write(tmp_path / "a.yaml", AXOLOTL + more)
    done = run(tmp_path, "plan", "--dataset-len", "900", *(["--args", line] if line else ["a.yaml"]))
    row = next(row for row in done.stdout.splitlines() if row.startswith("world_size"))
    assert row.split()[1] == world


@pytest.mark.parametrize(
    ("more", "batch"),
    [
        pytest.param("sequence_parallel_degree: 2", "2 * 1 * 2", id="the older name"),
        pytest.param("context_parallel_size: 4\nsequence_parallel_degree: 2", "2 * 1 * 1", id="both"),
        pytest.param("context_parallel_size: 0\nsequence_parallel_degree: 2", "2 * 1 * 2", id="0 is unsaid"),
        pytest.param("tensor_parallel_size: 0", "2 * 1 * 4", id="0 is 1"),
    ],
)
def test_processes_that_share_the_rows_of_axolotl(tmp_path, more, batch):
    write(tmp_path / "a.yaml", AXOLOTL + more)
    done = run(tmp_path, "plan", "--dataset-len", "900", "--world-size", "4", "a.yaml")
    assert f"{batch} " in done.stdout, done.stderr


def test_a_key_that_axolotl_no_longer_takes_is_refused(tmp_path):
    write(tmp_path / "a.yaml", f"{AXOLOTL}max_packed_sequence_len: 2048")
    done = run(tmp_path, "plan", "--dataset-len", "900", "--world-size", "4", "a.yaml")
    assert ("max_packed_sequence_len is no longer taken" in done.stderr, done.returncode) == (True, 2)


SWIFT = "swift sft --model m --dataset d --split_dataset_ratio 0.1"
MEGATRON = (
    "megatron sft --model m --dataset d --split_dataset_ratio 0.1 --global_batch_size 8 --num_train_epochs 1"
)


@pytest.mark.parametrize(
    ("line", "more", "asked"),
    [
        pytest.param("axolotl train a.yaml", "val_set_size: 0.1", "before val_set_size", id="axolotl"),
        pytest.param("axolotl train a.yaml", "val_set_size: 0", "", id="axolotl, none held out"),
        pytest.param(SWIFT, "", "before split_dataset_ratio", id="ms-swift"),
        pytest.param(f"{SWIFT} --val_dataset v", "", "", id="ms-swift, a set of its own"),
        pytest.param(MEGATRON, "", "before split_dataset_ratio", id="Megatron-SWIFT"),
        pytest.param("yolo train data=d.yaml epochs=3 fraction=0.5", "", "before fraction", id="a fraction"),
    ],
)
def test_rows_are_asked_for_before_any_are_held_out(tmp_path, line, more, asked):
    write(tmp_path / "a.yaml", AXOLOTL + more)
    done = run(tmp_path, "plan", "--world-size", "1", "--args", line)
    assert (asked or "how many rows it trains on") in done.stderr


ZERO = '{"optimizer": {"type": "AdamW", "params": {"lr": 1e-6}}, "gradient_accumulation_steps": 8}'


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        pytest.param(
            f"{SWIFT} --deepspeed zero2",
            ["learning_rate 1e-4 default of ms_swift 4.6.0: tuner_type=lora"],
            id="an LR",
        ),
        pytest.param(
            f"NPROC_PER_NODE=2 {SWIFT} --tuner_type full --deepspeed zero2 --max_steps 9",
            [
                "learning_rate 1e-5 default of ms_swift 4.6.0: tuner_type=full",
                "gradient_accumulation_steps 8 default of ms_swift 4.6.0: ceil(16 / 1 / 2)",
            ],
            id="of both, in a run of steps",
        ),
        pytest.param(
            "trl dpo --output_dir o --max_steps 9 --gradient_accumulation_steps 8 --deepspeed z.json",
            ["learning_rate 1e-6 default of trl"],
            id="of a method, as a config of DeepSpeed has it",
        ),
    ],
)
def test_a_default_that_is_derived_is_the_one_that_counts(tmp_path, line, rows):
    write(tmp_path / "z.json", ZERO)
    done = run(tmp_path, "plan", "--dataset-len", "900", "--args", line)
    table = [" ".join(one.split()) for one in done.stdout.splitlines()]
    assert [one for one in rows if not any(text.startswith(one) for text in table)] == [], done.stderr


@pytest.mark.parametrize("key", ["tuner_type: full", "vit_lr: 1e-5", "aligner_lr: 1e-5"])
def test_a_file_with_a_key_of_ms_swifts_alone_is_its(tmp_path, key):
    text = (
        "model: m\ndataset: d\noutput_dir: o\nmax_length: 9\nper_device_train_batch_size: 1\nmax_steps: 9\n"
    )
    write(tmp_path / "a.yaml", text + key)
    done = run(tmp_path, "plan", "a.yaml")
    assert ("ms_swift 4.6.0" in done.stdout, done.returncode) == (True, 0), done.stderr
