"""File formats: archives, tables, IDX, MATLAB, pickles, images. Bytes in, arrays out; a bad file raises DataError."""
