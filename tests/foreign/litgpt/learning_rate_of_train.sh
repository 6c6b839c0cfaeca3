litgpt finetune_lora a/b --train.learning_rate 1e-4 --data Alpaca --data.mask_prompt true
