"""Benefits that stay with a worker: many clients pay into one wallet, and it is spent on time off and little else."""
