"""What other trainers' files and launch lines say, as runs of lrviz."""
