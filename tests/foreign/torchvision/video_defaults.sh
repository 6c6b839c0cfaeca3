python references/video_classification/train.py --data-path k400 --clip-len 16
