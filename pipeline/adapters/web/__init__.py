"""What a process answers over HTTP: `health` judges, `server` speaks."""
