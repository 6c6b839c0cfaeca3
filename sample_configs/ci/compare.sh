#!/bin/sh
# Two schedules in one run: which is below 1e-5 first, and where do their numbers part?
set -eu

run="--steps 10k --lr 3e-4 --warmup 6%"
for name in cosine linear; do
    step=$(lrviz values "$name" $run --below 1e-5 --quiet)
    last=$(lrviz values "$name" $run --get last --quiet)
    echo "$name: below 1e-5 from step $step on, last $last"
done

# check answers by its exit code: 0 yes, 1 no, 2 it cannot be told
if lrviz check cosine $run --expect "last <= 1e-9" --quiet; then
    echo "the cosine ends at nothing"
fi

lrviz values cosine linear $run --every 10% --format csv --quiet > lr.csv
