"""The forms in which plan documents reach an office, one module each: bytes of a file to the text a person sees."""
