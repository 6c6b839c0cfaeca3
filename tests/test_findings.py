"""What is worth saying: on stderr, in JSON and in Python it is the same."""

from __future__ import annotations

import json

import pytest
from commands import run
from configs import write

RUN = ("--steps", "100", "--lr", "0.1")
HEAD = '[plan]\nsteps = 100\n[defaults]\nlr = 0.1\n[[schedule]]\nlabel = "one"\n'

KINDS = [
    pytest.param("cosine", (), "example-values", "note", id="worked example"),
    pytest.param("step", RUN, "starter-values", "note", id="starter"),
    pytest.param("cosine:warmup=29%", RUN, "rounded-share", "note", id="rounded warmup"),
    pytest.param("step:step_size=29%", RUN, "rounded-share", "note", id="rounded parameter"),
    pytest.param("step:step_size=30,warmup=5", RUN, "warmup-added", "note", id="ramp"),
    pytest.param("step:step_size=30%,warmup=5", RUN, "share-moved", "note", id="share behind a ramp"),
    pytest.param("cosine:warmup=0", (*RUN, "--optimizer", "foo"), "idle-key", "note", id="idle optimizer"),
    pytest.param("constant:warmup=5", RUN, "warmup-ignored", "note", id="no warmup"),
    pytest.param(
        "cosine:num_warmup_steps=3", (*RUN, "--warmup", "5"), "warmup-overruled", "note", id="overruled"
    ),
    pytest.param("onecycle:max_lr=0.2", RUN, "lr-overruled", "note", id="overruled LR"),
    pytest.param(
        "cosine_with_min_lr:warmup=0,min_lr_rate=0.1",
        (*RUN, "--min-lr", "1e-5"),
        "min-lr-overruled",
        "note",
        id="overruled floor",
    ),
    pytest.param("linear:warmup=200", RUN, "warmup-longer-than-run", "warning", id="long warmup"),
    pytest.param(
        "step:step_size=30,warmup=5,warmup_start=1", RUN, "warmup-starts-high", "warning", id="high start"
    ),
    pytest.param("linear:warmup=0,num_training_steps=60", RUN, "length-differs", "note", id="length"),
    pytest.param("linear:warmup=0", (*RUN, "--batch-size", "8"), "idle-key", "note", id="idle plan key"),
    pytest.param("linear:warmup=0,metric=noisy", RUN, "idle-key", "note", id="idle metric"),
    pytest.param("plateau:metric=noisy", RUN, "synthetic-metric", "note", id="metric"),
    pytest.param("linear:warmup=0,groups=a(scale=1),b(scale=2)", RUN, "param-groups", "note", id="groups"),
    pytest.param(
        "linear:warmup=0,scale_lr=sqrt,base_batch_size=8,batch_size=32", RUN, "lr-scaled", "note", id="scaled"
    ),
    pytest.param(
        "linear:warmup=0",
        (*RUN, "--trainer", "accelerate", "--world-size", "2"),
        "scheduler-calls",
        "note",
        id="calls",
    ),
    pytest.param(
        "phases:phase=constant(for=10),constant(until=50)", RUN, "last-phase-extended", "warning", id="phases"
    ),
    pytest.param("phases:phase=constant(until=200)", RUN, "last-phase-cut", "note", id="cut phase"),
    pytest.param("step:step_size=500", RUN, "flat-line", "warning", id="flat"),
    pytest.param(
        "torch.CosineAnnealingLR:T_max=6,interval=epoch,steps_per_epoch=10",
        RUN,
        "rises-again",
        "warning",
        id="a wave by epochs",
    ),
    pytest.param(
        "keras.PiecewiseConstantDecay:boundaries=[30,200],values=[1.0,0.5,0.1]",
        RUN,
        "drop-behind-end",
        "warning",
        id="a boundary behind the end",
    ),
    pytest.param("torch.MultiStepLR:milestones=[3,6]", RUN, "floor-early", "note", id="milestones in epochs"),
    pytest.param(
        "keras.CosineDecay:initial_learning_rate=0,decay_steps=9", RUN, "flat-line", "error", id="zero"
    ),
    pytest.param("linear:warmup=0,lr=1", RUN, "idle-option", "note", id="idle option"),
    pytest.param("linear:warmup=0,epochs=1,steps_per_epoch=9", RUN, "idle-option", "note", id="idle rival"),
    pytest.param("onecycle:max_lr=0.1,total_steps=50", RUN, "stops", "error", id="stop"),
    pytest.param("onecycle:max_lr=0.1,total_steps=99", RUN, "last-step-raises", "error", id="last step"),
    pytest.param("torch.StepLR:step_size=1,gamma=1e99", RUN, "not-finite", "error", id="overflow"),
    pytest.param("lambda:lr_lambda=epoch", RUN, "grows", "note", id="a formula that grows"),
    pytest.param("lambda:lr_lambda=9.0**epoch", RUN, "grows", "note", id="a formula that grows too large"),
    pytest.param("torch.MultiplicativeLR:lr_lambda=1.1", RUN, "grows", "note", id="a factor that grows"),
    pytest.param("linear:warmup=9,calls=2", RUN, "script-passes", "note", id="called twice"),
    pytest.param("phases:phase=linear(warmup=0,for=50),constant", RUN, "jump-up", "note", id="up from 0"),
    pytest.param(
        "torch.CosineAnnealingLR:eta_min=0.1", RUN, "floor-above-lr", "warning", id="a floor at the LR"
    ),
    pytest.param("cyclic:base_lr=1,max_lr=0.1", RUN, "floor-above-lr", "warning", id="cycles upside down"),
    pytest.param("lambda:lr_lambda=inf-inf if epoch>7 else 1", RUN, "not-finite", "error", id="nan"),
]


def document(folder, *words):
    done = run(folder, "show", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.mark.long
@pytest.mark.parametrize(("spec", "flags", "kind", "level"), KINDS)
def test_every_kind_is_in_the_document_and_printed_a_note_unless_quiet(tmp_path, spec, flags, kind, level):
    said, printed = document(tmp_path, spec, *flags)
    (finding,) = [one for one in said["findings"] if one["id"] == kind]
    assert (finding["level"], finding["label"], finding["place"]) == (level, spec.partition(":")[0], None)
    line = f"{level}: {finding['label']}: {finding['text']}\n"
    assert line in printed
    assert (line in document(tmp_path, spec, *flags, "-q")[1]) == (level != "note")


CYCLE = "max_lr=0.1,total_steps="
CHAIN = "torch.SequentialLR:schedulers=[ConstantLR(total_iters=5),OneCycleLR(max_lr=0.1,total_steps={})]"


@pytest.mark.parametrize(
    ("spec", "update", "why"),
    [
        pytest.param(f"onecycle:{CYCLE}98", None, "", id="it stops before"),
        pytest.param(f"onecycle:{CYCLE}99", 99, "tried to step 100 times, total_steps is 99", id="one short"),
        pytest.param(f"onecycle:{CYCLE}100", None, "", id="as long as the run"),
        pytest.param("onecycle:max_lr=0.1", None, "", id="filled from the run"),
        pytest.param(f"onecycle:{CYCLE}101", None, "", id="longer"),
        pytest.param(f"onecycle:{CYCLE}9,interval=10", 99, "tried to step 10 times", id="every ten steps"),
        pytest.param(f"onecycle:{CYCLE}10,interval=10", None, "", id="every ten steps, as long"),
        pytest.param(f"onecycle:{CYCLE}199,calls=2", 99, "tried to step 200 times", id="twice a step"),
        pytest.param(f"onecycle:{CYCLE}200,calls=2", None, "", id="twice a step, as long"),
        pytest.param(
            f"phases:phase=constant(for=10),OneCycleLR({CYCLE}89)", 99, "tried to step 90", id="last phase"
        ),
        pytest.param(f"phases:phase=OneCycleLR({CYCLE}9,for=10),constant", None, "", id="an earlier phase"),
        pytest.param(f"{CHAIN.format(89)},milestones=[10]", 99, "tried to step 90 times", id="nested"),
        pytest.param(f"{CHAIN.format(8)},milestones=[1],interval=10", 99, "tried", id="nested, every ten"),
        pytest.param(f"{CHAIN.format(90)},milestones=[10]", None, "", id="nested, as long"),
        pytest.param(
            "mmengine.OneCycleLR:eta_max=0.1,total_steps=99,end=200,by_epoch=False",
            99,
            "tried",
            id="mmengine",
        ),
        pytest.param("fvcore.ConstantParamScheduler:value=1", 99, "must be below 1", id="at where = 1"),
        pytest.param("fvcore.CosineParamScheduler:start_value=1,end_value=0", None, "", id="past where = 1"),
        pytest.param("plateau:metric=noisy", None, "", id="a metric for each step"),
        pytest.param("ultralytics.BaseTrainer:steps_per_epoch=10", None, "", id="a trainer that is done"),
    ],
)
def test_what_the_last_call_of_the_scheduler_raises_is_announced(tmp_path, spec, update, why):
    said, _ = document(tmp_path, spec, *RUN)
    found = [one["text"] for one in said["findings"] if one["id"] == "last-step-raises"]
    assert len(found) == (update is not None)
    start = f"the last scheduler.step(), after update {update}, raises: "
    assert all(text.startswith(start) and why in text for text in found)


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param("torch.ReduceLROnPlateau", id="torch"),
        pytest.param("timm.PlateauLRScheduler", id="timm"),
        pytest.param("mmengine.ReduceOnPlateauLR", id="mmengine"),
        pytest.param(
            "mmengine.list:param_scheduler=ReduceOnPlateauLR(patience=2)", id="in a list of mmengine"
        ),
        pytest.param("transformers.greedy:min_lr=0.01", id="transformers"),
    ],
)
def test_metrics_that_give_out_raise_nothing(tmp_path, spec):
    write(tmp_path / "loss.csv", "step,loss\n" + "".join(f"{i},1.0\n" for i in range(9)))
    epochs = ("--epochs", "10", "--steps-per-epoch", "1", "--interval", "epoch", "--lr", "0.1")
    said, _ = document(tmp_path, spec, *epochs, "--metrics", "loss.csv:loss")
    assert "last-step-raises" not in [finding["id"] for finding in said["findings"]]


def test_a_finding_of_a_config_has_its_place(tmp_path):
    write(tmp_path / "run.toml", HEAD + 'name = "step"\nstep_size = 500\n')
    said, printed = document(tmp_path, "run.toml")
    (finding,) = said["findings"]
    assert finding["place"] == {"file": "run.toml", "line": 7, "key": ""}
    assert printed == "warning: run.toml:7: one: a flat line at 0.1\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ["cosine:warmup=29%", "cosine:warmup=57%"],
            [
                "note: cosine:warmup=29%: warmup: 29% of 9 is 2: ",
                "note: cosine:warmup=57%: warmup: 57% of 9 is 5: ",
            ],
            id="each row by its own label",
        ),
        pytest.param(
            ["constant:warmup=1", "constant:warmup=2"],
            ["note: constant:warmup=1, constant:warmup=2: transformers.constant ignores "],
            id="once for all it is true of",
        ),
        pytest.param(
            [f"constant:warmup={i}" for i in range(1, 8)],
            ["note: constant:warmup=1, constant:warmup=2, constant:warmup=3, constant:warmup=4 and 3 more: "],
            id="many are counted",
        ),
    ],
)
def test_a_finding_begins_with_the_labels_of_the_rows(tmp_path, words, said):
    printed = run(tmp_path, "show", *words, "--lr", "1", "--steps", "9").stderr.splitlines()
    lines = [line for line in printed if not line.startswith("hint: ") and "the same curve" not in line]
    assert len(lines) == len(said)
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=True))


@pytest.mark.parametrize("command", ["show", "values", "plot"])
def test_all_is_said_before_the_data(tmp_path, command):
    done = run(
        tmp_path,
        command,
        "cosine:warmup=29%,label=a",
        "torch.StepLR:step_size=1,gamma=1e9",
        *RUN,
        together=True,
    )
    starts = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert starts[:2] == ["note", "error"]
    said = [start in {"note", "warning", "error", "hint"} for start in starts]
    assert said == sorted(said, reverse=True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["cosine:lr=x"], "error: lr must be", id="one needs no name"),
        pytest.param(["linear", "cosine:lr=x"], "error: cosine: lr must be", id="a value"),
        pytest.param(["linear", "cosine:label=mine,lr=x"], "error: mine: lr must be", id="by its label"),
        pytest.param(["linear", "cosine:("], "error: cosine:(: ", id="a spec that cannot be read"),
        pytest.param(["linear", "wsdd"], "error: wsdd: ", id="an unknown name"),
        pytest.param(
            ["linear", "mmengine.CosineAnnealingLR"],
            "error: mmengine.CosineAnnealingLR: interval=epoch needs",
            id="the framework's own interval",
        ),
        pytest.param(["linear", "run.toml"], "error: run.toml:7: one: ", id="in a config"),
        pytest.param(["run.toml"], "error: run.toml:7: one: ", id="in a config alone"),
    ],
)
def test_a_refusal_of_one_among_many_says_which(tmp_path, words, message):
    write(tmp_path / "run.toml", HEAD + 'name = "torch.CyclicLR"\n')
    done = run(tmp_path, "show", *words, "--steps", "9", "--lr", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)


@pytest.mark.parametrize("command", ["values", "plot", "plan"])
def test_every_command_says_which(tmp_path, command):
    done = run(tmp_path, command, "linear", "cosine:label=mine,lr=x", "--steps", "9")
    assert done.stderr.startswith("error: mine: lr must be")


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        pytest.param("multistep:milestones=[80%,90%]", "milestones=80%,90% is at step 90 and 100", id="list"),
        pytest.param("step:step_size=30%", "step_size=30% is at step 40", id="length"),
        pytest.param(
            "step:step_size=2%,interval=epoch,steps_per_epoch=2", "step_size=2% is at step 12", id="epochs"
        ),
        pytest.param("torch.MultiStepLR:milestones=[5,80%]", "milestones=80% is at step 90", id="one of two"),
        pytest.param("step:step_size=30", "", id="no share"),
        pytest.param("step:step_size=30%,warmup_mode=over", "", id="ramp laid over"),
        pytest.param("cosine:num_training_steps=90%", "", id="own warmup"),
    ],
)
def test_a_share_behind_a_ramp_says_at_which_step_it_is(tmp_path, spec, says):
    said, _ = document(tmp_path, spec, *RUN, "--warmup", "10")
    found = [one["text"] for one in said["findings"] if one["id"] == "share-moved"]
    assert found == ([f"{says}, behind the warmup"] if says else [])


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        pytest.param(("step:step_size=30%", *RUN, "--warmup", "10"), "--warmup-mode over", id="options"),
        pytest.param(("run.toml",), 'warmup_mode = "over"', id="config"),
        pytest.param(
            ("phases:phase=step(step_size=30%,warmup=10)", *RUN), "warmup_mode=over", id="phase of a word"
        ),
    ],
)
def test_the_hint_of_a_finding_is_in_the_language_of_its_reader(tmp_path, words, hint):
    write(tmp_path / "run.toml", HEAD + 'name = "step"\nstep_size = "30%"\nwarmup = 10\n')
    done = run(tmp_path, "show", *words)
    assert f"hint: {hint}\n" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ["linear:warmup=200,lr=1", "--steps", "100"],
            "warning: linear: the warmup of 200 steps is longer than the run of 100\n",
            id="of a schedule",
        ),
        pytest.param(
            ["--steps", "100", "--warmup", "150%"],
            "warning: the warmup of 150 steps is longer than the run of 100\n",
            id="of the options",
        ),
        pytest.param(
            ["nanogpt.get_lr:lr=1", "--steps", "100"],
            "warning: nanogpt.get_lr: the warmup of 2000 steps is longer than the run of 100\n",
            id="by its framework's default",
        ),
        pytest.param(["nanogpt.get_lr:lr=1", "--steps", "100", "--warmup", "9"], "", id="not by default"),
        pytest.param(["--steps", "100", "--warmup", "100"], "", id="no longer"),
        pytest.param(["linear", "--steps", "100"], "", id="notes are lines of the plan"),
    ],
)
def test_a_plan_prints_what_its_document_warns_of(tmp_path, words, said):
    assert run(tmp_path, "plan", *words).stderr == said
    found = json.loads(run(tmp_path, "plan", *words, "--format", "json").stdout)["findings"]
    assert [one["text"] for one in found if one["level"] != "note"] == [
        line.rpartition(": ")[2] for line in said.splitlines()
    ]


@pytest.mark.parametrize(
    ("spec", "heard"),
    [
        pytest.param("onecycle", True, id="momentum is cycled"),
        pytest.param("onecycle:cycle_momentum=false,max_lr=0.1", False, id="momentum is left alone"),
        pytest.param(
            "torch.ChainedScheduler:schedulers=CyclicLR(base_lr=0.1,max_lr=1)",
            True,
            id="by an inner scheduler",
        ),
        pytest.param(
            "torch.ChainedScheduler:schedulers=ExponentialLR(gamma=0.9)", False, id="by no inner one"
        ),
        pytest.param("phases:phase=onecycle(until=50),constant", True, id="in a phase"),
    ],
)
def test_an_optimizer_that_nothing_looks_at_is_noted(tmp_path, spec, heard):
    said, _ = document(tmp_path, spec, *RUN, "--optimizer", "adam")
    idle = [one["text"] for one in said["findings"] if "does not look at the optimizer" in one["text"]]
    assert len(idle) == (not heard)
