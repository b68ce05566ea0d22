"""Parts of the tests with python-socketio."""
