"""What the judges by python-socketio are made of."""
