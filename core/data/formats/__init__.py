"""Files as they come: archives, tables, IDX, MATLAB, pickles, image files. Bytes in, arrays out, bad files in a sentence."""
