"""Camera geometry in numpy: intrinsics through crop and resize, metric scale, validity."""
