yolo predict model=a.pt epochs=3 mode=predict
