"""What freelancers do for clients under the co-op's name: it invoices, employs, pays on time, and chases who does not pay."""
