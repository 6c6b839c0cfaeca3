import argparse

parser = argparse.ArgumentParser()
for _name in ("batch_size", "epochs", "warmup_epochs", "num_frames"):
    parser.add_argument(f"--{_name}", type=int)
parser.add_argument("--lr", type=float)
args = parser.parse_args()
args.lr = args.lr * args.batch_size / 256
args.min_lr = args.min_lr * args.batch_size / 256
