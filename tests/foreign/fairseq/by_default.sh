python train.py data-bin/speech --task speech_recognition --arch w2l_conv_glu_enc --lr 0.3,0.1 --max-epoch 4
