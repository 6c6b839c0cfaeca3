train_cfg = dict(by_epoch=True, max_epochs=10)
train_dataloader = dict(batch_size=32)
optim_wrapper = dict(
    optimizer=dict(type="AdamW", lr=1e-4),
    constructor="LayerDecayOptimizerConstructor",
    paramwise_cfg=dict(num_layers=12, decay_rate=0.9, decay_type="layer_wise"),
)
param_scheduler = [
    dict(type="LinearLR", start_factor=1e-3, end=2, convert_to_iter_based=True),
    dict(type="PolyLR", power=0.9, eta_min=1e-6, begin=2, by_epoch=True),
]
