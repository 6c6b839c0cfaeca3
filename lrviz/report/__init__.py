"""What is handed on of curves: pictures, numbers, a page and a summary, of one evaluation."""
