#!/bin/sh
# Draws a picture of each kind into this folder: sh sample_configs/pictures/draw.sh
# Says whether they are still today's:           sh sample_configs/pictures/draw.sh --check
cd "$(dirname "$0")" || exit 2
code=0
draw() {
    lrviz plot "$@" || code=$?
}

# The README's: one schedule, several, param groups, branches.
draw cosine --warmup 100 -o cosine.png "$@"
draw ../compare.toml --svg-text -o compare.svg "$@"
draw ../layer_decay.toml --svg-text -o layer_decay.svg "$@"
draw ../cooldowns.toml -o cooldowns.svg "$@"

# On a logarithmic axis; of few steps, as stairs; cycles too narrow for a line; a part of a run, from near by.
draw noam:model_size=512 --warmup 4000 --steps 100k --lr 1 --log -o log.svg "$@"
draw cosine linear --steps 12 --warmup 3 --lr 1e-3 --linear -o stairs.svg "$@"
draw cyclic:step_size_up=10 --steps 1e6 --lr 0.1 -o dense_cycles.png "$@"
draw cosine --warmup 2000 --steps 1e6 --lr 1e-3 --to 5000 -o part.svg "$@"

# Runs of two lengths by their epochs; phases of one's own; what moves on a metric; momentum; a log and its plan.
draw cosine:epochs=5 cosine:epochs=10 --dataset-len 50000 --batch-size 256 --warmup 5% --lr 1e-3 --x epoch -o epochs.svg "$@"
draw ../phases.toml -o phases.svg "$@"
draw plateau:patience=3 --metric noisy --interval 250 --steps 10k --lr 1e-3 -o walk.png "$@"
draw torch.OneCycleLR:max_lr=0.1 --steps 1000 --quantity momentum -o momentum.svg "$@"
draw cosine:warmup=10 ../logs/trainer_state.json --lr 2e-4 -o log_and_plan.svg "$@"

# For a dark page, for a column of a paper, for a slide.
draw cosine linear wsd --warmup 6% --steps 11730 --lr 3e-4 --theme dark --svg-text -o dark.svg "$@"
draw cosine linear --warmup 500 --steps 10k --lr 3e-4 --size column --font-size 8 --theme print -o column.png "$@"
draw ../compare.toml --size slide --svg-text -o slide.svg "$@"

# How far two are apart; diff draws, and looks at no file.
[ "$1" = --check ] || lrviz diff cosine:warmup=100 cosine:warmup=500 --steps 10k --lr 3e-4 -o difference.svg -q

# A page for a browser, with exact values under the pointer.
draw cosine linear wsd --warmup 6% --steps 11730 --lr 3e-4 -o page.html "$@"
exit $code
