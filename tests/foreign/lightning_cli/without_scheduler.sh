python main.py fit --trainer=table.yaml --optimizer=SGD --optimizer.lr=0.2 --lr_scheduler=null
