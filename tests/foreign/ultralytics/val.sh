yolo detect val model=yolo11n.pt
