"""What findings and slips advise, done word for word: each sentence of the catalogue has its row, and the fault is gone afterwards."""
