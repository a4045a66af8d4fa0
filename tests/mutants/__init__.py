"""What a person sees is what is booked: workbooks altered in many ways, read by evalxl and seen by LibreOffice.

python -m tests.mutants              600 of them
python -m tests.mutants --long       6,000
"""
