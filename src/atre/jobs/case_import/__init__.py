"""What runs by itself around the taking over of files."""
