import argparse

from timm.scheduler import create_scheduler_v2

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=None)
parser.add_argument("--epochs", type=int, default=300)
parser.add_argument("--lr-base", type=float, default=0.1)
parser.add_argument("--grad-accum-steps", type=int, default=1)
args = parser.parse_args()
args.grad_accum_steps = max(1, args.grad_accum_steps)
args.lr = float(args.lr)
args.epochs *= 2
if args.lr is None:
    batch_ratio = 1
    args.lr = args.lr_base * batch_ratio
create_scheduler_v2(None)
