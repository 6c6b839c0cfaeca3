"""Files that a script writes before it trains are read as it writes them, not as they lay there before."""

from __future__ import annotations

import pytest
from commands import run
from configs import write

TEXT = (
    "base_model: m\nlearning_rate: $LR\nmax_steps: 100\nmicro_batch_size: 1\n"
    "gradient_accumulation_steps: 1\noutput_dir: out/$SLURM_JOB_ID\n"
)
OLD = TEXT.replace("$LR", "7e-4")
HERE = f"<<EOF\n{TEXT}EOF\n"


def peak(folder, text, *options):
    write(folder / "old.yaml", OLD)
    write(folder / "run.sh", text)
    return run(folder, "show", "run.sh", "--get", "peak", "--world-size", "1", "--dataset-len", "9", *options)


@pytest.mark.parametrize(
    ("text", "lr"),
    [
        pytest.param(f"LR=1e-4\ncat > c.yaml {HERE}axolotl train c.yaml", 1e-4, id="a heredoc"),
        pytest.param(
            f"LR=1e-4\ncat {HERE[:5]} > c.yaml{HERE[5:]}axolotl train ./c.yaml", 1e-4, id="before it"
        ),
        pytest.param(f"LR=1e-4\ncat > old.yaml {HERE}axolotl train old.yaml", 1e-4, id="over an old one"),
        pytest.param(f"LR=1e-4\ntee x/c.yaml {HERE}axolotl train x/c.yaml", 1e-4, id="by tee"),
        pytest.param(
            f"LR=1e-4\ncat <<EOF | tee c.yaml > /dev/null\n{TEXT}EOF\naxolotl train c.yaml", 1e-4, id="piped"
        ),
        pytest.param(f"cat > c.yaml <<'EOF'\n{OLD}EOF\naxolotl train c.yaml", 7e-4, id="a quoted heredoc"),
        pytest.param(f"echo '{OLD}' > c.yaml\naxolotl train c.yaml", 7e-4, id="echo"),
        pytest.param(
            "echo 'base_model: m' > c.yaml\necho -e 'max_steps: 9\\nlearning_rate: 2e-4' >> c.yaml\n"
            "printf '%s: %d\\n' micro_batch_size 1 gradient_accumulation_steps 2 >> c.yaml\n"
            "axolotl train c.yaml",
            2e-4,
            id="in parts",
        ),
        pytest.param(
            f"LR=1e-4\nC=c.$SLURM_JOB_ID.yaml\ncat > $C {HERE}axolotl train $C", 1e-4, id="an unknown name"
        ),
        pytest.param(f"LR=1e-4\ncat > /tmp/c.yaml {HERE}axolotl train /tmp/c.yaml", 1e-4, id="elsewhere"),
        pytest.param(f"LR=1e-4\ncd x; cat > c.yaml {HERE}axolotl train c.yaml", 1e-4, id="in a folder"),
        pytest.param(f"LR=1e-4\ncat > a.yaml {HERE}mv a.yaml c.yaml\naxolotl train c.yaml", 1e-4, id="moved"),
        pytest.param("cp old.yaml c.yaml\naxolotl train c.yaml", 7e-4, id="a copy"),
        pytest.param("cp old.yaml -t d\naxolotl train d/old.yaml", 7e-4, id="a copy into a folder"),
        pytest.param(
            f"LR=1e-4\nw() {{ cat > c.yaml {HERE}}}\nw\naxolotl train c.yaml", 1e-4, id="a function"
        ),
        pytest.param(f"LR=1e-4\ncat > c.yaml {HERE}bash -c 'axolotl train c.yaml'", 1e-4, id="run within"),
        pytest.param(
            f"LR=1e-4\nif test -f x; then cat > c.yaml {HERE}fi\naxolotl train c.yaml", 1e-4, id="it may be"
        ),
        pytest.param(
            f"LR=1e-4\nif test -f old.yaml; then cat > old.yaml {HERE}fi\naxolotl train old.yaml",
            1e-4,
            id="where it lies here",
        ),
        pytest.param(
            f"LR=1e-4\nif [ ! -f old.yaml ]; then cat > old.yaml {HERE}fi\naxolotl train old.yaml",
            7e-4,
            id="where it does not",
        ),
        pytest.param(
            f"LR=1e-4\n[ -e old.yaml ] || cat > old.yaml {HERE}axolotl train old.yaml", 7e-4, id="or else"
        ),
        pytest.param(
            f"LR=1e-4\ncat > a.yaml {HERE}[[ -s a.yaml ]] && cp a.yaml c.yaml\naxolotl train c.yaml",
            1e-4,
            id="written before",
        ),
        pytest.param(
            f"LR=1e-4\ncat > a.yaml {HERE}cp -n a.yaml old.yaml\naxolotl train old.yaml", 7e-4, id="cp -n"
        ),
        pytest.param("cp -n old.yaml c.yaml\naxolotl train c.yaml", 7e-4, id="cp -n where none is"),
        pytest.param(
            f"LR=1e-4\ncat > a.yaml {HERE}sudo -E cp a.yaml c.yaml\naxolotl train c.yaml", 1e-4, id="sudo"
        ),
        pytest.param(
            f"LR=1e-4\ncat > a.yaml {HERE}srun -N1 ln -sf a.yaml c.yaml\naxolotl train c.yaml",
            1e-4,
            id="srun",
        ),
        pytest.param(
            "mkdir d; ln -sf ../old.yaml d/c.yaml\naxolotl train d/c.yaml", 7e-4, id="a link from its folder"
        ),
        pytest.param(
            f"LR=1e-4\ncat > gen.sh <<'A'\ncat > $1 {HERE.replace('$LR', '1e-4')}A\n"
            "bash gen.sh c.yaml\naxolotl train c.yaml",
            1e-4,
            id="by a script that is run",
        ),
        pytest.param(
            "rm -f c.yaml\nprintf 'max_steps: 9\nlearning_rate: 2e-4\n' >> c.yaml\n"
            "printf 'micro_batch_size: 1\ngradient_accumulation_steps: 2\n' >> c.yaml\naxolotl train c.yaml",
            2e-4,
            id="anew",
        ),
    ],
)
def test_a_config_is_read_as_the_script_writes_it(tmp_path, text, lr):
    done = peak(tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(lr)
    is_copy = "cp " in text or "ln -s" in text or "old.yaml" in text
    assert is_copy or " writes it" in done.stderr


EDITED = "axolotl train c.yaml"
IN_PLACE = "axolotl train old.yaml"


@pytest.mark.parametrize(
    ("text", "lr"),
    [
        pytest.param(f"sed -i 's/7e-4/1e-4/' old.yaml\n{IN_PLACE}", 1e-4, id="sed -i"),
        pytest.param(
            f'LR=1e-4\nsed -i.bak -E "s|^(learning_rate): .*|\\1: $LR|" old.yaml\n{IN_PLACE}',
            1e-4,
            id="groups",
        ),
        pytest.param(
            f"sed -i -e 's/_rate: 7e/_rate: 2e/' -e 's/2e-4$/1e-4 # &/g' old.yaml\n{IN_PLACE}",
            1e-4,
            id="several",
        ),
        pytest.param(
            f"sed -i '/learning_rate/d' old.yaml\necho 'learning_rate: 1e-4' >> old.yaml\n{IN_PLACE}",
            1e-4,
            id="a line less and one more",
        ),
        pytest.param(f"sed -Ei s/7e-4/1e-4/ old.yaml\n{IN_PLACE}", 1e-4, id="letters"),
        pytest.param(f"sudo sed -i s/7e-4/1e-4/ *.yaml\n{IN_PLACE}", 1e-4, id="all that lie here"),
        pytest.param(f"sed -i s/cuda/npu/ $FILES\n{IN_PLACE}", 7e-4, id="nothing of it"),
        pytest.param(f"find . -type f | xargs sed -i s/cuda/npu/\n{IN_PLACE}", 7e-4, id="nothing of any"),
        pytest.param(
            f"if test -f x; then sed -i s/cuda/npu/ old.yaml; fi\n{IN_PLACE}", 7e-4, id="nothing if it is run"
        ),
        pytest.param(f"sed 's#7e-4#1e-4#' old.yaml > c.yaml\n{EDITED}", 1e-4, id="into another file"),
        pytest.param(f"sed 's/7e-4/1e-4/' < old.yaml > c.yaml\n{EDITED}", 1e-4, id="handed"),
        pytest.param(f"cat old.yaml | sed s/7e-4/1e-4/ | tee c.yaml\n{EDITED}", 1e-4, id="in a pipe"),
        pytest.param(f"cp old.yaml c.yaml\nsed -i s/7e-4/1e-4/ c.yaml\n{EDITED}", 1e-4, id="a copy"),
        pytest.param(
            f"LR=2e-4\ncat > c.yaml {HERE}sed -i s/2e-4/1e-4/ c.yaml\n{EDITED}", 1e-4, id="what is written"
        ),
        pytest.param(
            f"cat > c.yaml {HERE}sed -i 's/_rate: .*/_rate: 1e-4/' c.yaml\n{EDITED}", 1e-4, id="an open one"
        ),
        pytest.param(f"export LR=1e-4\nenvsubst < t.tmpl > c.yaml\n{EDITED}", 1e-4, id="envsubst"),
        pytest.param(
            f"export LR=1e-4\ncat t.tmpl | envsubst '$LR' > c.yaml\n{EDITED}", 1e-4, id="some variables"
        ),
        pytest.param(f"cat old.yaml > c.yaml\n{EDITED}", 7e-4, id="cat"),
        pytest.param(
            f"cp old.yaml c.yaml && sed -i -e s/7e-4/1e-4/ -e /max/d c.yaml\n{EDITED}",
            1e-4,
            id="behind a copy",
        ),
        pytest.param(
            f"python - <<EOF\nprint(open('old.yaml').read())\nEOF\n{IN_PLACE}", 7e-4, id="read by Python"
        ),
        pytest.param(
            f"scp old.yaml h:x/; aws s3 cp old.yaml s3://b/\n{IN_PLACE}", 7e-4, id="copied from here"
        ),
        pytest.param(
            f"LR=1e-4\ncat > a.tpl <<'EOF'\n{EDITED} --learning-rate LR\nEOF\n"
            "cp old.yaml c.yaml; sed s/LR/$LR/ a.tpl > a.sh; bash a.sh",
            1e-4,
            id="a script",
        ),
    ],
)
def test_a_config_is_read_as_the_script_edits_it(tmp_path, text, lr):
    write(tmp_path / "t.tmpl", TEXT)
    done = peak(tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(lr)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("sed -i s/7e-4/$LR/ old.yaml", "--given LR=VALUE", id="sed"),
        pytest.param("envsubst < t.tmpl > old.yaml", "--given LR=VALUE", id="envsubst"),
        pytest.param("LR=1e-4\nenvsubst < t.tmpl > old.yaml", "--given LR=VALUE", id="not exported"),
    ],
)
def test_what_an_edit_leaves_open_is_asked(tmp_path, text, said):
    write(tmp_path / "t.tmpl", TEXT)
    done = peak(tmp_path, f"{text}\n{IN_PLACE}")
    assert (said in done.stderr, done.returncode) == (True, 2), done.stderr
    assert float(peak(tmp_path, f"{text}\n{IN_PLACE}", "--given", "LR=1e-4").stdout) == 1e-4


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("sed -i 's/7e-4/1e-4/w x' old.yaml", "sed", id="sed"),
        pytest.param("sed -i '/a/,/b/s/7e-4/1e-4/' old.yaml", "sed", id="some lines"),
        pytest.param("sed -i 's/\\(7e\\|8e\\)-4/1e-4/' old.yaml", "sed", id="one of two"),
        pytest.param("yq -i '.learning_rate = 1e-4' old.yaml", "yq", id="yq"),
        pytest.param("envsubst < t.yaml > old.yaml", "envsubst", id="envsubst"),
        pytest.param("cat t.yaml | sort | tee old.yaml", "tee", id="a pipe"),
        pytest.param("python make.py > old.yaml", "python", id="a program"),
        pytest.param("{ echo a; echo b; } > old.yaml", "a block", id="a block"),
        pytest.param("cat a.yaml b.yaml >> old.yaml", "cat", id="lines more"),
        pytest.param('python -c \'yaml.dump(c, open("old.yaml", "w"))\'', "python", id="python -c"),
        pytest.param("python make.py --base a.yaml --out=old.yaml", "python", id="an output"),
        pytest.param("wget -qO old.yaml http://x/a.yaml", "wget", id="wget"),
        pytest.param("curl -sSL http://x/old.yaml -o old.yaml", "curl", id="curl"),
        pytest.param("curl -LO http://x/old.yaml", "curl", id="curl by its name"),
        pytest.param("aws s3 cp s3://b/old.yaml .", "aws", id="a bucket"),
        pytest.param("gsutil -m cp gs://b/a.yaml ./old.yaml", "gsutil", id="gsutil"),
        pytest.param("scp h:old.yaml .", "scp", id="scp"),
        pytest.param("rsync -a h:x/old.yaml .", "rsync", id="rsync"),
        pytest.param("git checkout -q exp -- old.yaml", "git", id="git checkout"),
        pytest.param("git restore old.yaml", "git", id="git restore"),
        pytest.param("hf download a/b old.yaml --local-dir .", "hf", id="a hub"),
        pytest.param("cp t.yaml old.yaml && yq -i '.a = 1' old.yaml", "yq", id="behind a copy"),
        pytest.param("unzip -qo a.zip old.yaml", "unzip", id="unzip"),
        pytest.param("unzip -o a.zip x/old.yaml old.yaml -d .", "unzip", id="unzip into a folder"),
        pytest.param("tar xzf a.tgz ./old.yaml", "tar", id="tar"),
        pytest.param("tar -C . -xf a.tar old.yaml", "tar", id="tar into a folder"),
        pytest.param("7z x a.7z old.yaml", "7z", id="7z"),
        pytest.param("gunzip -f old.yaml.gz", "gunzip", id="gunzip"),
        pytest.param("dd if=t.yaml of=old.yaml", "dd", id="dd"),
        pytest.param("python make_config.py old.yaml", "python", id="a program that makes it"),
        pytest.param("python make.py --config old.yaml", "python", id="behind an option"),
        pytest.param("./tools/gen_cfg t.yaml old.yaml", "gen_cfg", id="one beside"),
    ],
)
@pytest.mark.parametrize("file", ["old.yaml", "new.yaml"])
def test_a_file_that_a_command_changes_is_asked_for(tmp_path, line, name, file):
    line = line.replace("old.yaml", file)
    script = f"{line}\naxolotl train {file}\n"
    done = peak(tmp_path, script)
    assert f"run.sh:1: what {name} makes of {file} is not known" in done.stderr
    assert done.returncode == 2
    done = peak(tmp_path, script, "--given", f"{file}=old.yaml")
    assert (float(done.stdout), "lies here" in done.stderr) == (7e-4, False)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param("python prep.py old.yaml", "", "", id="it writes nothing"),
        pytest.param("python prep.py old.yaml", None, "python at run.sh:1 may", id="not here"),
        pytest.param("python prep.py --config old.yaml", None, "python at run.sh:1 may", id="an option"),
        pytest.param("python prep.py --config=old.yaml", None, "python at run.sh:1 may", id="an equals sign"),
        pytest.param("python prep.py --config old.yaml", "print(1)", "", id="an option that it reads"),
        pytest.param("python prep.py", "dump(c, open('old.yaml', 'w'))", "what python", id="it names it"),
        pytest.param("python prep.py old.yaml", "dump(c, open(argv[1], 'w'))", "what python", id="it writes"),
        pytest.param("python prep.py old.yaml", "model.save(x)", "", id="it saves no text"),
        pytest.param("python -m prep old.yaml", None, "", id="a module"),
    ],
)
def test_a_program_of_its_own_is_handed_the_file(tmp_path, line, code, said):
    if code is not None:
        write(tmp_path / "prep.py", code)
    done = peak(tmp_path, f"{line}\n{IN_PLACE}")
    is_asked = said.startswith("what")
    assert (said in done.stderr, "old.yaml" in done.stderr) == (True, bool(said)), done.stderr
    assert (done.stdout, done.returncode) == (("", 2) if is_asked else ("0.0007\n", 0))


def test_of_two_branches_neither_is_taken(tmp_path):
    done = peak(
        tmp_path,
        f"if nvidia-smi; then LR=1e-4; cat > c.yaml {HERE}else LR=2e-4; cat > c.yaml {HERE}fi\n"
        "axolotl train c.yaml",
    )
    assert "what cat in one of several branches makes of c.yaml is not known" in done.stderr


def test_python_within_a_script_that_writes_a_file_is_not_followed(tmp_path):
    code = "c = load(open('t.yaml'))\nc['learning_rate'] = 1\ndump(c, open('old.yaml', 'w'))"
    done = peak(tmp_path, f"python - <<'PY'\n{code}\nPY\n{IN_PLACE}")
    assert "run.sh:2: what python makes of old.yaml is not known" in done.stderr


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        pytest.param("git checkout -q exp", True, id="git"),
        pytest.param("git -C . pull", True, id="git pull"),
        pytest.param("git lfs pull", True, id="git lfs"),
        pytest.param("git clone -q https://h/x .", True, id="git clone, here"),
        pytest.param("git clone https://h/x", False, id="git clone, elsewhere"),
        pytest.param("rename s/base/old/ *.yaml", True, id="rename"),
        pytest.param("rename -n s/base/old/ *.yaml", False, id="what rename would do"),
        pytest.param("patch -p1 -i a.patch", True, id="patch"),
        pytest.param("dvc pull", True, id="dvc"),
        pytest.param("unzip -o configs.zip", True, id="unzip"),
        pytest.param("unzip -l configs.zip", False, id="a listing"),
        pytest.param("unzip data.zip -d /data", False, id="unzip elsewhere"),
        pytest.param("tar xzf configs.tgz", True, id="tar"),
        pytest.param("tar xfz configs.tgz", True, id="tar with its letters in another order"),
        pytest.param("tar czf all.tgz old.yaml", False, id="packed"),
        pytest.param("tar -xf data.tar -C $SCRATCH", False, id="tar elsewhere"),
        pytest.param("7z x configs.7z", True, id="7z"),
        pytest.param("rsync -a configs/ .", True, id="rsync"),
        pytest.param("cp configs/* .", True, id="cp"),
        pytest.param("cp -r data/ /scratch", False, id="cp elsewhere"),
    ],
)
def test_what_may_change_any_file_is_said(tmp_path, line, is_said):
    done = peak(tmp_path, f"{line}\n{IN_PLACE}")
    assert (f"not as {line} at run.sh:1 leaves them" in done.stderr) == is_said
    assert float(done.stdout) == 7e-4


TRAINER = (
    "torchrun --nproc_per_node 1 run_clm.py --output_dir o --max_steps 9 --learning_rate 1e-4 "
    "--per_device_train_batch_size 1 --gradient_accumulation_steps 4"
)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param('"gradient_accumulation_steps": 4', "", id="the same"),
        pytest.param('"gradient_accumulation_steps": $ACC', "", id="unknown"),
        pytest.param('"gradient_accumulation_steps": 2', "contradicts", id="another"),
        pytest.param(
            '"scheduler": {"type": "WarmupLR", "params": {"warmup_num_steps": $W}}',
            "--given W=VALUE",
            id="a schedule",
        ),
    ],
)
def test_a_table_of_deepspeed_is_read_as_the_script_writes_it(tmp_path, table, said):
    file = "./ds.$SLURM_JOBID.json"
    done = peak(tmp_path, f"cat <<EOT > {file}\n{{\n{table}\n}}\nEOT\n{TRAINER} --deepspeed {file}\n")
    assert (said in done.stderr, done.returncode) == (True, 2 * bool(said)), done.stderr


@pytest.mark.parametrize(
    ("processes", "total"),
    [pytest.param("4", "200\n", id="a number"), pytest.param("$N", "", id="unknown")],
)
def test_the_launchers_file_is_read_as_the_script_writes_it(tmp_path, processes, total):
    line = "--output_dir o --num_train_epochs 1 --per_device_train_batch_size 1 --learning_rate 1e-4"
    write(
        tmp_path / "run.sh",
        f"cat > acc.yaml <<EOF\ndistributed_type: MULTI_GPU\nnum_processes: {processes}\nEOF\n"
        f"accelerate launch --config_file acc.yaml run_clm.py {line}\n",
    )
    done = run(tmp_path, "plan", "run.sh", "--dataset-len", "800", "--get", "total")
    assert done.stdout == total, done.stderr


def test_the_python_that_a_script_writes_is_read(tmp_path):
    script = "a = TrainingArguments(learning_rate=3e-4, max_steps=50, output_dir='o')"
    done = peak(
        tmp_path,
        "cat > train.py <<'EOF'\nfrom transformers import TrainingArguments\n"
        f"{script}\nEOF\ntorchrun --nproc_per_node 2 train.py\n",
    )
    assert float(done.stdout) == 3e-4, done.stderr
