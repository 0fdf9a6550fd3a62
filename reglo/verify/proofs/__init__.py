"""One file per thing that must hold. A proof is a function from the books to the faults it finds."""
