"""Reading what a bank writes (camt.053) and writing what it reads (pain.001). Pure: bytes in, dataclasses out."""
