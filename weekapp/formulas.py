"""What a spreadsheet would run instead of show (SEC-10): forms refuse it, files disarm it, parcels are held back for it."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\0")
