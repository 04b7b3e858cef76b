"""What people, agents and operators write and when, and how the call centre copes."""
