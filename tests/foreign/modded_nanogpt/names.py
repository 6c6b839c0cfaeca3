num_iterations: int = 10
cooldown_frac: float = 0.25
