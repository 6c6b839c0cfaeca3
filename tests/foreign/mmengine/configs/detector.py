_base_ = "../bases/two_dozen_epochs.py"
train_dataloader = dict(batch_size=2)
