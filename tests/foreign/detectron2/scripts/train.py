from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer, default_argument_parser, launch


def setup(args):
    cfg = get_cfg()
    add_own(cfg)
    cfg.merge_from_file(args.config_file)
    cfg.SOLVER.BASE_LR = 1
    cfg.merge_from_list(["SOLVER.GAMMA", 0.5])
    cfg.merge_from_list(args.opts)
    cfg.SOLVER.WARMUP_ITERS = 0
    return cfg


def add_own(cfg):
    cfg.SOLVER.MAX_ITER = 7
    cfg.SOLVER.STEPS = (5,)


def main(args):
    return DefaultTrainer(setup(args)).train()


if __name__ == "__main__":
    parser = default_argument_parser()
    parser.add_argument("--note", default="none")
    args = parser.parse_args()
    launch(main, args.num_gpus, args=(args,))
