"""What the people who look after the installation see: jobs, health, channels and words of messages."""
